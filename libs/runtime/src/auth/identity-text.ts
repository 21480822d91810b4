import { toUSVString } from 'node:util';

/** Characters of a tenant's, user's or role's name at most. */
const MAX_LENGTH = 256;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * What is wrong with the name of a tenant, user or role; undefined if nothing is. Nothing is corrected: two names that differ
 * are two users, and a name that somebody may read as another one, by spaces around it or by characters that cannot be
 * seen, is refused.
 */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'must be text';
  if (name === '') return 'must not be empty';
  if (name.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (name !== name.trim()) return 'must not begin or end with white space';
  if (CONTROL.test(name)) return 'must not contain control characters';
  if (toUSVString(name) !== name) return 'must be well-formed Unicode';
  return undefined;
}
