import { type Logger, pino, stdTimeFunctions, type TransportSingleOptions } from 'pino';

export type { Logger } from 'pino';

/** Values under these names never reach a log line, at the top or one level down. */
const SECRETS = [
  'authorization',
  'cookie',
  'apiKey',
  'api_key',
  'password',
  'token',
  'secret',
  'databaseUrl',
  'redisUrl',
];

export interface LoggerOptions {
  readonly name: 'api' | 'worker';
  readonly level: string;
  /** Coloured lines for a person at a terminal; JSON, one object a line, everywhere else. */
  readonly pretty: boolean;
}

export function createLogger({ name, level, pretty }: LoggerOptions): Logger {
  const transport: TransportSingleOptions | undefined = pretty
    ? {
        target: 'pino-pretty',
        options: { translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname,name', messageFormat: '{name}: {msg}' },
      }
    : undefined;
  return pino({
    name,
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRETS.flatMap((secret) => [secret, `*.${secret}`]), censor: '[secret]' },
    ...(transport && { transport }),
  });
}
