import {
  destination,
  type DestinationStream,
  type LogFn,
  type LoggerOptions as LoggerConfig,
  pino,
  stdSerializers,
  stdTimeFunctions,
  type TransportSingleOptions,
} from 'pino';

/** The process's logger: pino, as far as we use it. A class, to be injected by it. */
export abstract class Logger {
  abstract readonly debug: LogFn;
  abstract readonly info: LogFn;
  abstract readonly warn: LogFn;
  abstract readonly error: LogFn;
  abstract readonly fatal: LogFn;
  abstract child(bindings: Readonly<Record<string, unknown>>): Logger;
}

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

/** JSON lines leave in pieces of this size, or after this long: a write for each line is what logging costs. */
const BUFFERED_BYTES = 4096;
const FLUSH_MS = 250;

export function createLogger({ name, level, pretty }: LoggerOptions): Logger {
  const options: LoggerConfig = {
    name,
    level,
    serializers: { err: serializeError },
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRETS.flatMap((secret) => [secret, `*.${secret}`]), censor: '[secret]' },
  };
  return pretty ? pino({ ...options, transport: PRETTY }) : pino(options, bufferedOutput());
}

const PRETTY: TransportSingleOptions = {
  target: 'pino-pretty',
  options: { translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname,name', messageFormat: '{name}: {msg}' },
};

/** The Redis client puts the refused command on its error, and with it what people wrote: that is not for a log. */
function serializeError(error: Error): object {
  const {
    command: _command,
    previousErrors: _previous,
    ...rest
  } = stdSerializers.err(error) as unknown as Record<string, unknown>;
  return rest;
}

/** A process that is killed loses what it logged in the last quarter of a second; one that ends by itself nothing. */
function bufferedOutput(): DestinationStream {
  const output = destination({ dest: 1, minLength: BUFFERED_BYTES, sync: true });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  process.on('exit', () => output.flushSync());
  return output;
}
