import { resolve } from 'node:path';
import { z } from 'zod';
import { port, wholeNumber } from './schemas.js';
import { variable } from './variable.js';

/** Of the processes themselves. */
export const processVariables = {
  HOST: variable({
    schema: z.string().prefault('127.0.0.1'),
    readBy: ['api', 'start'],
    description: 'The address on which the API listens; `0.0.0.0` for all addresses of the machine',
    example: '127.0.0.1',
  }),
  PORT: variable({
    schema: port().prefault('8000'),
    readBy: ['api', 'start'],
    description: 'The port on which the API listens',
    example: '8080',
  }),
  DATA_DIR: variable({
    schema: z
      .string()
      .prefault('.data')
      .transform((path) => resolve(path)),
    readBy: ['api', 'worker', 'start'],
    description:
      'The folder of uploaded files ([attachments](attachments.md)) and of the engines that `npm start` starts; all APIs and workers need the same one',
    example: '/var/lib/chatkit-relay',
  }),
  CHATKIT_CONFIG: variable({
    schema: z.string().optional(),
    readBy: ['api', 'worker', 'start'],
    description: 'The [config file](#the-config-file); both roles need the same one',
    example: 'config/chatkit.config.yaml',
    unset: '`chatkit.config.yaml`, if it exists',
  }),
  LOG_LEVEL: variable({
    schema: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: 'must be one of fatal, error, warn, info, debug, trace, silent',
      })
      .prefault('info'),
    readBy: ['api', 'worker'],
    description: 'The least important lines of the log: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
    example: 'debug',
  }),
  NODE_ENV: variable({
    schema: z
      .enum(['development', 'production', 'test'], { error: 'must be one of development, production, test' })
      .prefault('development'),
    readBy: ['api', 'worker'],
    description: 'Of Node.js and its packages: `development`, `production` or `test`',
    example: 'production',
  }),
  SHUTDOWN_GRACE_SECONDS: variable({
    schema: wholeNumber(0, 3_600).optional(),
    readBy: ['api', 'worker'],
    description:
      'How long open streams and answers may continue after `SIGTERM`; must be shorter than the time after which your orchestrator kills',
    example: '20',
    unset: '5 for the API, 8 for a worker',
  }),
  WORKER_CONCURRENCY: variable({
    schema: wholeNumber(1, 10_000).prefault('200'),
    readBy: ['worker'],
    description: 'Answers that one worker writes at once',
    example: '50',
  }),
  WORKER_ATTACHMENT_MB: variable({
    schema: wholeNumber(32, 65_536).prefault('256'),
    readBy: ['worker'],
    description: 'Megabytes of attachments that one worker holds [in memory](attachments.md#memory) at once',
    example: '512',
  }),
};
