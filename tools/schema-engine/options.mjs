import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Options
 * @property {boolean} version
 * @property {string | undefined} command a one-shot command; without one, the engine answers requests
 * @property {string} url the CLI always gives one, except with `--version`
 * @property {string | undefined} schema the database schema that the URL names
 * @property {[path: string, content: string][]} datamodels the files of the Prisma schema
 */

/**
 * The native engine's command line, limited to what the CLI uses:
 * `--version`, `cli <command>`, `--datamodels <file>` (several), `--datasource <json>`.
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const [datasource] = valuesOf(args, '--datasource');
  const url = (datasource && JSON.parse(datasource).url) ?? process.env.DATABASE_URL;
  return {
    version: args.includes('--version'),
    command: valuesOf(args, 'cli')[0],
    url,
    schema: (url && new URL(url).searchParams.get('schema')) || undefined,
    datamodels: valuesOf(args, '--datamodels').map((path) => [path, readFileSync(path, 'utf8')]),
  };
}

/** @type {(args: string[], name: string) => string[]} */
const valuesOf = (args, name) => args.flatMap((arg, index) => (arg === name ? [args[index + 1]] : []));
