import type { z } from 'zod';
import { didYouMean } from './nearest-name.js';

/**
 * Something that is wrong at a place of the config file: what a schema found, or a `custom` one from a check of ours. One whose
 * `params` are {@link UnknownName} names something that does not exist; the nearest right name is told.
 */
export type ConfigIssue = z.core.$ZodIssue;

export interface UnknownName {
  readonly unknown: string;
  readonly known: readonly string[];
  /** What follows the name, whatever the name is. */
  readonly rest?: string;
}

/** What a check of ours found. */
export const configIssue = (path: readonly PropertyKey[], message: string, params?: UnknownName): ConfigIssue => ({
  code: 'custom',
  path: [...path],
  message,
  input: undefined,
  ...(params && { params: { ...params } }),
});

/** A mistake with its place, in words. */
export interface ConfigMistake {
  readonly path: readonly PropertyKey[];
  readonly words: string;
}

/** `keysAt`: the settings that may stand at a place; `valueAt`: what stands there. */
export interface Surroundings {
  keysAt(path: readonly PropertyKey[]): readonly string[];
  valueAt(path: readonly PropertyKey[]): unknown;
}

/** One or several mistakes: an issue about unknown settings has one for each of them. */
export function mistakesOf(
  issue: ConfigIssue,
  around: Surroundings,
  base: readonly PropertyKey[] = [],
): ConfigMistake[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], words: unknownSetting(key, around.keysAt(path)) }));
    case 'invalid_union':
      return ofUnion(issue, around, path);
    case 'invalid_value':
      return [{ path, words: issue.message + meantBy(around.valueAt(path), issue.values.map(String)) }];
    case 'custom':
      return [{ path, words: issue.message + meantByName(issue) }];
    case 'invalid_type':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'too_big':
    case 'too_small':
    default:
      return [{ path, words: issue.message }];
  }
}

function meantByName({ params }: z.core.$ZodIssueCustom): string {
  if (!params || !('unknown' in params)) return '';
  const { unknown, known, rest = '' } = params as unknown as UnknownName;
  return didYouMean(unknown, known, rest);
}

const meantBy = (given: unknown, known: readonly string[]): string =>
  typeof given === 'string' ? didYouMean(given, known) : '';

function unknownSetting(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  if (meant) return `there is no such setting${meant}`;
  return known.length === 0
    ? 'there is no such setting'
    : `there is no such setting; those that there are: ${known.join(', ')}`;
}

/** Of the forms that a setting may have, the one that was meant is the one whose mistakes are inside, not the value as a whole. */
function ofUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  around: Surroundings,
  path: readonly PropertyKey[],
): ConfigMistake[] {
  if ('discriminator' in issue) {
    return [{ path, words: issue.message + meantBy(around.valueAt(path), optionsOf(issue)) }];
  }
  const inside = issue.errors.find((issues) =>
    issues.some(({ path: at, code }) => at.length > 0 || code === 'unrecognized_keys'),
  );
  if (inside) return inside.flatMap((one) => mistakesOf(one, around, path));
  const forms = new Set(
    issue.errors.flatMap(([first]) => first?.message.replace(/^must be /, '').split(', not ')[0] ?? []),
  );
  const given = issue.errors.flatMap(([first]) => /, (not .*)$/.exec(first?.message ?? '')?.[1] ?? [])[0];
  const own = issue.message === 'has none of the forms that it may have' ? undefined : issue.message;
  return [{ path, words: own ?? `must be ${[...forms].join(', or ')}${given ? `, ${given}` : ''}` }];
}

function optionsOf(issue: z.core.$ZodIssueInvalidUnion): string[] {
  const options = (issue as { options?: unknown }).options;
  return Array.isArray(options) ? options.map(String) : [];
}

/** `providers[0].limits.burst`. */
export function placeName(path: readonly PropertyKey[]): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return name.replace(/^\./, '') || 'the file';
}
