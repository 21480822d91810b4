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

/** The process's logger: the part of pino that we use. A class, so that it can be injected. */
export abstract class Logger {
  abstract readonly debug: LogFn;
  abstract readonly info: LogFn;
  abstract readonly warn: LogFn;
  abstract readonly error: LogFn;
  abstract readonly fatal: LogFn;
  abstract child(bindings: Readonly<Record<string, unknown>>): Logger;
}

/** Values with these names are removed from log lines, at the top or one level down. */
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

/** JSON lines are written in blocks of this size, or after this long: a write for each line is the main cost of logging. */
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

/** The Redis client attaches the refused command to its error, and with it user content, which must not be logged. */
function serializeError(error: Error): object {
  const {
    command: _command,
    previousErrors: _previous,
    ...rest
  } = stdSerializers.err(error) as unknown as Record<string, unknown>;
  return rest;
}

/** A process that is killed loses the log lines of the last quarter of a second; one that exits normally loses none. */
function bufferedOutput(): DestinationStream {
  const output = destination({ dest: 1, minLength: BUFFERED_BYTES, sync: true });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  process.on('exit', () => output.flushSync());
  return output;
}
