import type { Environment } from '../environment/parse-environment.js';

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** A whole value that is meant as a reference, whatever is between the braces. */
const MEANT = /^\$\{[^{}]*\}$/;

/** A place whose variable cannot be inserted. */
export interface MissingVariable {
  readonly path: readonly PropertyKey[];
  /** Why, as words about the place. */
  readonly words: string;
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` by environment variables, in strings at any depth. A property whose value is
 * only a reference with an empty default, to a variable that is not set, is removed from its object.
 */
export function interpolate(
  value: unknown,
  env: Environment,
): { readonly value: unknown; readonly missing: MissingVariable[] } {
  const missing: MissingVariable[] = [];
  const visit = (node: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof node === 'string') return replaceIn(node, env, (words) => missing.push({ path, words }));
    if (Array.isArray(node)) return node.map((entry, index) => visit(entry, [...path, index]));
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node).map(([key, entry]) => [key, visit(entry, [...path, key])] as const);
    return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
  };
  return { value: visit(value, []), missing };
}

/** The variables that strings refer to, at any depth. */
export function insertedNames(value: unknown): Set<string> {
  if (typeof value === 'string') return new Set(Array.from(value.matchAll(REFERENCE), ([, name = '']) => name));
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((entry) => [...insertedNames(entry)]));
}

function replaceIn(text: string, env: Environment, isMissing: (words: string) => void): string | undefined {
  if (MEANT.test(text) && insertedNames(text).size === 0) {
    // Not the text itself: somebody may have put the secret there.
    isMissing(
      'refers to no variable: between the braces stands a name of letters, digits and _, as in ${NAME} or ${NAME:-default}',
    );
  }
  let optional = false;
  const replaced = text.replaceAll(REFERENCE, (_, name: string, fallback: string | undefined) => {
    const given = env[name];
    if (given !== undefined && given !== '') return given;
    if (fallback === undefined) isMissing(`the variable ${name}, which it refers to, is not set`);
    else optional ||= fallback === '';
    return fallback ?? '';
  });
  return optional && replaced === '' ? undefined : replaced;
}
