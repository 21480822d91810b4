import { z } from 'zod';
import { port, wholeNumber } from './schemas.js';
import { variable } from './variable.js';

/** What docker-compose.yml reads and gives to a service under another name. */
export const composeVariables = {
  POSTGRES_PASSWORD: variable({
    schema: z.string().prefault('local-only'),
    readBy: ['compose'],
    description: 'The password of its Postgres, with any characters; set it before the first start',
    example: 'replaceMeBeforeTheFirstStart',
    isSecret: true,
    isForOthers: true,
  }),
  REDIS_MAXMEMORY: variable({
    schema: z.string().prefault('1gb'),
    readBy: ['compose'],
    description: 'How much its Redis may hold',
    example: '4gb',
  }),
  NODE_IMAGE: variable({
    schema: z.string().prefault('node:24-bookworm-slim'),
    readBy: ['compose'],
    description: 'The image that ours is built on: Node.js 24 on a Debian, from a registry of your own for example',
    example: 'registry.example.com/node:24-slim',
  }),
  RELAY_IMAGE: variable({
    schema: z.string().prefault('chatkit-relay:local'),
    readBy: ['compose'],
    description: 'The image of API and workers; one that neither exists nor can be pulled is built',
    example: 'registry.example.com/chatkit-relay:1.4.0',
  }),
  RELAY_MIGRATE_IMAGE: variable({
    schema: z.string().prefault('chatkit-relay-migrate:local'),
    readBy: ['compose'],
    description: 'The image of the migration, of the same version',
    example: 'registry.example.com/chatkit-relay-migrate:1.4.0',
  }),
  NETWORK_PREFIX: variable({
    schema: z.string().prefault('172.31.250'),
    readBy: ['compose'],
    description:
      'The first three numbers of the addresses of its containers; `.1` is the machine, `.2` the proxy ([give others access](deploy.md#give-others-access))',
    example: '10.89.0',
  }),
  API_MEMORY: variable({
    schema: z.string().prefault('2g'),
    readBy: ['compose'],
    description: 'The most that an API may use ([memory](deploy.md#memory))',
    example: '1g',
  }),
  WORKER_MEMORY: variable({
    schema: z.string().prefault('3g'),
    readBy: ['compose'],
    description: 'The most that a worker may use',
    example: '4g',
  }),
  POSTGRES_MEMORY: variable({
    schema: z.string().prefault('2g'),
    readBy: ['compose'],
    description: 'The most that its Postgres may use',
    example: '8g',
  }),
  REDIS_MEMORY: variable({
    schema: z.string().prefault('2g'),
    readBy: ['compose'],
    description: 'The most that its Redis may use, twice `REDIS_MAXMEMORY`',
    example: '8g',
  }),
  RELAY_SITE: variable({
    schema: z.string().prefault('localhost'),
    readBy: ['compose'],
    description: 'With the profile `proxy`: the name of its site',
    example: 'chat.example.com',
  }),
  PROMETHEUS_PORT: variable({
    schema: port().prefault('9090'),
    readBy: ['compose'],
    description: 'With the profile `observability`: the port of its Prometheus, on loopback',
    example: '9091',
  }),
  GRAFANA_PORT: variable({
    schema: port().prefault('3000'),
    readBy: ['compose'],
    description: 'With the profile `observability`: the port of its Grafana, on loopback',
    example: '3001',
  }),
  GRAFANA_PASSWORD: variable({
    schema: z.string().prefault('local-only'),
    readBy: ['compose'],
    description: "With the profile `observability`: the password of Grafana's `admin`",
    example: 'replace-me-before-others-reach-it',
    isSecret: true,
  }),
  API_GRACE_SECONDS: variable({
    schema: wholeNumber(0, 3_600).prefault('5'),
    readBy: ['compose'],
    description: '`SHUTDOWN_GRACE_SECONDS` of its API; `stop_grace_period` must be longer',
    example: '10',
  }),
  WORKER_GRACE_SECONDS: variable({
    schema: wholeNumber(0, 3_600).prefault('8'),
    readBy: ['compose'],
    description: '`SHUTDOWN_GRACE_SECONDS` of its workers',
    example: '20',
  }),
};
