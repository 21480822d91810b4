import * as z from 'zod';
import { type Kind, nameOf, type Variables } from './adapters/kind.js';
import { KINDS } from './adapters/kinds.js';
import { ProviderConfig } from './provider-config.js';

/** An empty variable is an absent one: compose files and shells produce them. */
const variable = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() ? value.trim() : undefined), schema.optional());

const text = variable(z.string());
const url = variable(z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }));

/** A kind that variables can enable. */
interface Source extends Variables {
  readonly kind: string;
  /** The schemas of its fields. */
  readonly fields: Readonly<Record<string, z.core.$ZodType | undefined>>;
}

/** What the environment can enable, in the order in which they answer. */
export const SOURCES: readonly Source[] = KINDS.flatMap((kind: Kind) =>
  kind.variables ? [{ kind: nameOf(kind), fields: kind.config.shape, ...kind.variables }] : [],
);

/** Names of all variables that enable and configure providers. */
export const PROVIDER_VARIABLES: readonly string[] = SOURCES.flatMap(({ names }) => Object.values<string>(names));

/** Whether a field is a URL, with a default or without one. */
function isUrl(field: z.core.$ZodType | undefined): boolean {
  if (field instanceof z.ZodDefault || field instanceof z.ZodOptional) return isUrl(field.unwrap());
  return field instanceof z.ZodURL;
}

const Environment = z.object(
  Object.fromEntries(
    SOURCES.flatMap(({ fields, names }) =>
      Object.entries(names).map(([field, name]) => [name, isUrl(fields[field]) ? url : text]),
    ),
  ),
);

/**
 * The providers that environment variables enable without a config file, demo when there are none. Each kind has its variables;
 * docs/providers/README.md lists them all.
 * @throws z.ZodError whose paths are the names of the variables that are wrong, all of them at once
 */
export function providersFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProviderConfig[] {
  const known = Environment.safeParse(env);
  const issues = known.success ? [] : [...known.error.issues];
  // From the valid variables, so that combinations of them are checked, too.
  const values: Readonly<Record<string, string | undefined>> = Environment.parse(without(env, issues));
  const providers = SOURCES.flatMap((source) => {
    if (!source.enabledBy.some((field) => values[source.names[field] ?? ''] !== undefined)) return [];
    const fields = Object.entries(source.names).map(([field, name]) => [field, values[name]]);
    const parsed = ProviderConfig.safeParse({ kind: source.kind, ...Object.fromEntries(fields) });
    if (parsed.success) return [parsed.data];
    issues.push(...issuesOf(source, parsed.error, values).filter(({ path }) => !mentions(issues, path[0])));
    return [];
  });
  if (issues.length > 0) throw new z.ZodError(issues);
  return providers.length > 0 ? providers : [ProviderConfig.parse({ kind: 'demo' })];
}

const mentions = (issues: readonly z.core.$ZodIssue[], name: unknown) => issues.some(({ path }) => path[0] === name);

function without(env: Readonly<Record<string, string | undefined>>, issues: readonly z.core.$ZodIssue[]) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !mentions(issues, name)));
}

/** What is wrong with the fields of a config, in the names of the variables. */
function issuesOf(
  { kind, names }: Source,
  { issues }: z.ZodError,
  values: Readonly<Record<string, string | undefined>>,
): z.core.$ZodIssue[] {
  return issues.map((issue) => {
    const name = names[String(issue.path[0])] ?? kind;
    const message = values[name] === undefined ? `is needed for ${kind}` : issue.message;
    return { code: 'custom', path: [name], message, input: values[name] };
  });
}
