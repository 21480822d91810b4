import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The parts of a compose file that the tests look at. */
export interface ComposeService {
  readonly extra_hosts?: readonly string[];
  readonly image: string;
  readonly build?: {
    readonly context: string;
    readonly target?: string;
    readonly args?: Readonly<Record<string, string>>;
  };
  readonly pull_policy?: string;
  readonly env_file?: readonly unknown[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
  readonly restart?: string;
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
  readonly container_name?: string;
  readonly secrets?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<
    Record<string, { readonly ipam?: { readonly config: readonly Readonly<Record<string, string>>[] } }>
  >;
}

/** `${NAME}` with what may follow the name; `$$` is an escaped dollar sign. */
const INTERPOLATION = /\$\$|\$(?:\{(\w+)(?:(:?[-?+])([^}]*))?\}|(\w+))/g;

export const composeText = (root: string): string => readFileSync(join(root, 'docker-compose.yml'), 'utf8');

/** Names that the file asks the environment for, those without a default among them. */
export function interpolationsOf(text: string): { name: string; hasDefault: boolean }[] {
  const code = text.replace(/(^|\s)#.*$/gm, '');
  return [...code.matchAll(INTERPOLATION)]
    .filter(([match]) => match !== '$$')
    .map(([, braced, operator, , bare]) => ({ name: braced ?? bare ?? '', hasDefault: operator === ':-' }));
}

/** The file as compose would read it with these variables set. */
export function loadCompose(root: string, variables: Readonly<Record<string, string>> = {}): ComposeFile {
  const replace = (_match: string, braced?: string, _operator?: string, fallback?: string): string =>
    (braced && variables[braced]) || (fallback ?? '');
  const interpolate = (node: unknown): unknown => {
    if (typeof node === 'string') return node.replace(INTERPOLATION, replace);
    if (Array.isArray(node)) return node.map(interpolate);
    if (node === null || typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, interpolate(value)]));
  };
  return interpolate(parse(composeText(root), { merge: true })) as ComposeFile;
}

/** A duration as compose writes it, in milliseconds. */
export function durationOf(text = ''): number {
  const [, amount, unit = ''] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000 }[unit];
  if (factor === undefined) throw new Error(`'${text}' is no duration.`);
  return Number(amount) * factor;
}
