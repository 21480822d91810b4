import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Reader, type Variable, VARIABLE_GROUPS } from '#runtime';
import { loadCompose } from '../deploy/support/compose.js';
import { environmentOf, parseDockerfile } from '../deploy/support/dockerfile.js';
import { ROOT } from './rules.js';

const READERS: Readonly<Record<Exclude<Reader, 'compose'>, string>> = {
  api: 'API',
  worker: 'worker',
  start: 'start',
  migrate: 'migrate',
};

const { services } = loadCompose(ROOT);
const image = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).at(-1)?.instructions ?? [];
const imageEnvironment = Object.assign(
  {},
  ...image.filter(({ name }) => name === 'ENV').map(({ value }) => environmentOf(value)),
) as Record<string, string>;

/** The tables of docs/configuration.md, one for each group. */
export const environmentTables = (): string =>
  VARIABLE_GROUPS.map(([title, group]) => {
    const rows = Object.entries(group).map(([name, one]) => `| ${cells(name, one).join(' | ')} |`);
    return `### ${title}\n\n| variable | for | not set | is |\n|-|-|-|-|\n${rows.join('\n')}\n`;
  }).join('\n');

function cells(name: string, one: Variable): string[] {
  const readers = one.readBy.filter((reader) => reader !== 'compose').map((reader) => READERS[reader]);
  return [
    one.alias === undefined ? `\`${name}\`` : `\`${name}\`, \`${one.alias}\``,
    readers.join(', ') || 'compose',
    [withoutIt(one), inContainers(name, one)].filter(Boolean).join('; '),
    one.description,
  ];
}

/** What holds without the variable, in Markdown. */
export function withoutIt({ schema, unset }: Variable): string {
  const byDefault = defaultOf(schema);
  return unset ?? (byDefault ? `\`${byDefault}\`` : '–');
}

/** Of a schema that may be inside others. */
function defaultOf(schema: unknown): string | undefined {
  const { def } = schema as { def?: { type: string; defaultValue?: unknown; in?: unknown; innerType?: unknown } };
  if (def?.type === 'prefault') return String(def.defaultValue);
  return def?.in || def?.innerType ? defaultOf(def.in ?? def.innerType) : undefined;
}

/** What the compose file, or the image, sets. */
function inContainers(name: string, { schema, unset }: Variable): string {
  const set = [services['api'], services['worker']].map((service) => service?.environment?.[name]).find(Boolean);
  const value = (set ?? imageEnvironment[name] ?? '').replace(/:[^:@/]+@/, ':…@');
  return value === '' || value === defaultOf(schema) || unset?.includes(value)
    ? ''
    : `\`${value}\` in the compose file`;
}
