import type { Environment } from '../platform/environment.js';

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` by environment variables, in strings at any depth. A property whose value is
 * only a reference with an empty default, to a variable that is not set, is removed from its object.
 */
export function interpolate(value: unknown, env: Environment): { readonly value: unknown; readonly missing: string[] } {
  const missing = new Set<string>();
  const visit = (node: unknown): unknown => {
    if (typeof node === 'string') return replaceIn(node, env, missing);
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node).map(([key, entry]) => [key, visit(entry)] as const);
    return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
  };
  return { value: visit(value), missing: [...missing] };
}

function replaceIn(text: string, env: Environment, missing: Set<string>): string | undefined {
  let optional = false;
  const replaced = text.replaceAll(REFERENCE, (_, name: string, fallback: string | undefined) => {
    const given = env[name];
    if (given !== undefined && given !== '') return given;
    if (fallback === undefined) missing.add(name);
    else optional ||= fallback === '';
    return fallback ?? '';
  });
  return optional && replaced === '' ? undefined : replaced;
}
