import { CONFIG_EXIT_CODE, ConfigError } from '../environment/parse-environment.js';
import { createLogger, type LoggerOptions } from './logger.js';

/**
 * Starts an app. What ends it before its time is told as everything else is: in words at a terminal, as a JSON line elsewhere, also when
 * the configuration that says how to log is what is wrong.
 */
export async function boot(name: LoggerOptions['name'], start: () => Promise<void>): Promise<void> {
  process.on('uncaughtException', (error) => end(name, error, 'an unforeseen error ended the process'));
  try {
    await start();
  } catch (error) {
    end(name, error, 'the process could not start');
  }
}

function end(name: LoggerOptions['name'], error: unknown, what: string): never {
  if (process.stderr.isTTY) process.stderr.write(`${inWords(error)}\n`);
  else {
    const logger = createLogger({ name, level: 'fatal', pretty: false, secrets: [] });
    if (error instanceof ConfigError) logger.fatal(fieldsOf(error), 'the configuration is not valid');
    else logger.fatal({ err: error }, what);
  }
  process.exit(error instanceof ConfigError ? CONFIG_EXIT_CODE : 1);
}

const fieldsOf = ({ problems, warnings }: ConfigError) => ({ problems, ...(warnings.length > 0 && { warnings }) });

function inWords(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? String(error.stack) : String(error);
}
