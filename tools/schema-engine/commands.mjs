import { canConnect, createDatabase, dropDatabase } from './databases.mjs';

/**
 * The engine's one-shot commands, called as `cli <command>`.
 * @type {Record<string, (url: string) => Promise<unknown>>}
 */
const COMMANDS = {
  'can-connect-to-database': canConnect,
  'create-database': createDatabase,
  'drop-database': dropDatabase,
};

/**
 * Returns the exit code.
 * @param {string} command
 * @param {string} url
 */
export async function runCommand(command, url) {
  const action = COMMANDS[command];
  try {
    if (!action) throw new Error(`The schema engine has no command "${command}".`);
    await action(url);
    return 0;
  } catch (error) {
    report(error);
    return 1;
  }
}

/**
 * The form in which the CLI looks for errors: Prisma's code, in the engine's log format.
 * @param {{ code?: string, message: string }} error
 */
function report({ code, message }) {
  const NO_SUCH_DATABASE = '3D000';
  const fields = { error_code: code === NO_SUCH_DATABASE ? 'P1003' : 'P1001', message: message || code };
  process.stderr.write(`schema-engine-wasm\n${logLine(fields)}\n`);
}

/** @param {object} fields */
export const logLine = (fields) => JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields });
