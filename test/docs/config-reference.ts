import { z } from 'zod';
import { ConfigFile } from '#runtime';
import { configFileParts } from '../../libs/providers/src/config-file-parts.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Described in docs/providers, or the same as what stands above. */
const ELSEWHERE = new Set([
  'providers',
  'models.<name>.body',
  'models.<name>.conversation',
  'models.<name>.settings',
  'quotas.tenants.<name>',
  'retention.tenants.<name>',
]);
/** Longer lists are in the JSON schema. */
const MANY = 12;
const WORDS: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', boolean: '`true`, `false`' };
/** Above this the bounds of whole numbers are those of the language. */
const NO_BOUND = 2 ** 53 - 2;

/** Every setting of the config file but those of providers: a row each, by its path. */
export function configReference(): string {
  const { models, deadlines } = configFileParts;
  const schema = z.toJSONSchema(ConfigFile.extend({ models, deadlines }), {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  }) as Schema;
  const rows = Object.entries(schema.properties ?? {}).flatMap(([key, one]) => rowsOf(key, one));
  const silent = rows.filter(([, , , description]) => !description).map(([path]) => path);
  if (silent.length > 0) throw new Error(`These settings have no .describe(): ${silent.join(', ')}`);
  return `| setting | value | default | is |\n|-|-|-|-|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}

function rowsOf(path: string, schema: Schema): string[][] {
  if (ELSEWHERE.has(path)) return [];
  const inside = insideOf(path, schema);
  const own = [`\`${path}\``, valueOf(schema), defaultOf(schema), schema.description ?? ''];
  return [...(inside.length === 0 || schema.description ? [own] : []), ...inside];
}

/** Settings within groups, lists of groups, and named groups. */
function insideOf(path: string, schema: Schema): string[][] {
  if (ELSEWHERE.has(path)) return [];
  const forms = [schema, ...(schema.anyOf ?? [])];
  return forms.flatMap(({ properties = {}, additionalProperties, items }) => [
    ...Object.entries(properties).flatMap(([key, one]) => rowsOf(`${path}.${key}`, one)),
    ...(typeof additionalProperties === 'object' ? insideOf(`${path}.<name>`, additionalProperties) : []),
    ...(items ? insideOf(`${path}[]`, items) : []),
  ]);
}

function valueOf({
  type,
  const: only,
  enum: some,
  anyOf,
  items,
  minimum,
  maximum,
  properties,
  additionalProperties,
}: Schema): string {
  if (anyOf) return [...new Set(anyOf.map(valueOf))].filter(Boolean).join(', or ');
  if (only !== undefined) return `\`${String(only)}\``;
  if (some && some.length > MANY) return '';
  if (some) return some.map((one) => `\`${String(one)}\``).join(', ');
  if (type === 'array') return items?.properties ? 'list of groups' : `list: ${items ? valueOf(items) : 'anything'}`;
  if (properties) return 'group';
  if (typeof additionalProperties === 'object') return 'group by names';
  const bounds = [
    minimum === undefined || minimum < -NO_BOUND ? '' : `from ${minimum}`,
    maximum === undefined || maximum > NO_BOUND ? '' : `to ${maximum}`,
  ];
  return [WORDS[type ?? ''] ?? type ?? 'text', ...bounds].filter(Boolean).join(' ');
}

const defaultOf = ({ default: value }: Schema): string =>
  value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
    ? ''
    : `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
