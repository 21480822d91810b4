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
import { secretsHidden, secretsIn } from './log-secrets.js';

/** The process's logger: the part of pino that we use. A class, so that it can be injected. */
export abstract class Logger {
  abstract readonly trace: LogFn;
  abstract readonly debug: LogFn;
  abstract readonly info: LogFn;
  abstract readonly warn: LogFn;
  abstract readonly error: LogFn;
  abstract readonly fatal: LogFn;
  /** Whether such lines are written: for what is expensive to put together. */
  abstract isLevelEnabled(level: 'trace' | 'debug'): boolean;
  abstract child(bindings: Readonly<Record<string, unknown>>): Logger;
}

export interface LogSettings {
  readonly level: string;
  /** Coloured lines for a person at a terminal; JSON, one object a line, everywhere else. */
  readonly pretty: boolean;
  /** Values that no line may hold. */
  readonly secrets: readonly string[];
}

export interface LoggerOptions extends LogSettings {
  readonly name: 'api' | 'worker';
}

/** As the variables say it; `sources`: all settings of the process, whose secrets no line holds. */
export const logSettings = (
  { LOG_LEVEL: level, NODE_ENV }: { readonly LOG_LEVEL: string; readonly NODE_ENV: string },
  ...sources: readonly unknown[]
): LogSettings => ({
  level,
  pretty: process.stdout.isTTY && NODE_ENV !== 'production',
  secrets: sources.flatMap((source) => secretsIn(source)),
});

/** JSON lines are written in blocks of this size, or after this long: a write for each line is the main cost of logging. */
const BUFFERED_BYTES = 4096;
const FLUSH_MS = 250;

export function createLogger({ name, level, pretty, secrets }: LoggerOptions): Logger {
  const options: LoggerConfig = {
    name,
    level,
    serializers: { err: serializeError },
    timestamp: stdTimeFunctions.isoTime,
    hooks: { streamWrite: secretsHidden(secrets) },
  };
  return pretty ? pino({ ...options, transport: PRETTY }) : pino(options, bufferedOutput());
}

const PRETTY: TransportSingleOptions = {
  target: 'pino-pretty',
  options: { translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname,name', messageFormat: '{name}: {msg}' },
};

/**
 * Fields of errors of Redis, Postgres and Prisma that hold user content, which must not be logged: the refused command, rows, values and
 * statements.
 */
const CONTENT: ReadonlySet<string> = new Set(['command', 'previousErrors', 'detail', 'where', 'internalQuery', 'meta']);
/** Errors of ours have a `detail` as well, which is meant for the log. */
const isOfEngine = (error: object): boolean =>
  'command' in error || 'previousErrors' in error || 'severity' in error || 'clientVersion' in error;

/** Anything can be thrown, and a line about it must not end the process. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const fields = Object.entries(stdSerializers.err(error));
  return isOfEngine(error)
    ? Object.fromEntries(fields.filter(([name]) => !CONTENT.has(name)))
    : Object.fromEntries(fields);
}

/** A process that is killed loses the log lines of the last quarter of a second; one that exits normally loses none. */
function bufferedOutput(): DestinationStream {
  const output = destination({ dest: 1, minLength: BUFFERED_BYTES, sync: true });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  process.on('exit', () => output.flushSync());
  return output;
}
