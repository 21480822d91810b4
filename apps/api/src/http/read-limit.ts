import { AppError } from '#runtime';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** The size of a page, at most 100. Throws `request.invalid`. */
export function readLimit(given: unknown): number {
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = Number(given);
  if (typeof given !== 'string' || !Number.isInteger(limit) || limit < 1) {
    throw new AppError('request.invalid', 'limit must be a positive integer.');
  }
  return Math.min(limit, MAX_LIMIT);
}
