import { readFileSync } from 'node:fs';

/**
 * The native engine's command line, limited to what the CLI uses:
 * `--version`, `cli <command>`, `--datamodels <file>` (several), `--datasource <json>`.
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

const valuesOf = (args, name) => args.flatMap((arg, index) => (arg === name ? [args[index + 1]] : []));
