import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, NamedFinding } from './check.js';
import { breakers } from './checks/breakers.js';
import { chat } from './checks/chat.js';
import { clock } from './checks/clock.js';
import { config } from './checks/config.js';
import { cors } from './checks/cors.js';
import { disk } from './checks/disk.js';
import { domainKey } from './checks/domain-key.js';
import { migrations } from './checks/migrations.js';
import { node } from './checks/node.js';
import { notify } from './checks/notify.js';
import { pooler } from './checks/pooler.js';
import { port } from './checks/port.js';
import { postgres } from './checks/postgres.js';
import { providers } from './checks/providers.js';
import { pubsub } from './checks/pubsub.js';
import { redis } from './checks/redis.js';
import { server } from './checks/server.js';
import { stream } from './checks/stream.js';
import { upload } from './checks/upload.js';
import { skip } from './finding.js';
import type { Installation } from './installation.js';
import type { Options } from './options.js';
import { runChecks } from './run-checks.js';
import { findServer, isRelay } from './server/find-server.js';
import type { Server } from './server/server.js';

const OF_INSTALLATION: readonly Check<Installation>[] = [
  node,
  config,
  port,
  disk,
  postgres,
  pooler,
  migrations,
  notify,
  redis,
  pubsub,
  clock,
  providers,
];
const OF_SERVER: readonly Check<Server>[] = [server, breakers, stream, upload, cors, domainKey, chat];

/** Everything that is found, as it is found. */
export async function* examine(options: Options, installation: () => Installation): AsyncGenerator<NamedFinding> {
  const { url, configAlone } = options;
  if (url !== undefined) return yield* examineServer({ ...shared(options), url, publicUrl: url });
  const here = installation();
  if (configAlone) return yield* runChecks([config], here);
  yield* runChecks(OF_INSTALLATION, here);
  const found = await findServer(here);
  if (found === undefined) {
    yield { check: 'server', ...skip('No server is running here: start it, and run the doctor again.') };
    return;
  }
  yield* examineServer({
    ...shared(options),
    origins: [...options.origins, ...(here.api?.corsOrigins ?? []).filter((origin) => origin !== '*')],
    url: found,
    publicUrl: here.publicUrl ?? found,
    expectedVersion: versionOf(here),
  });
}

const shared = ({ headers, origins, chat: sendsMessage }: Options) => ({ headers, origins, sendsMessage });

/** What is not there is not looked at any further. */
async function* examineServer(subject: Server): AsyncGenerator<NamedFinding> {
  yield* runChecks((await isRelay(subject.url)) ? OF_SERVER : [server], subject);
}

const versionOf = ({ root }: Installation): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
