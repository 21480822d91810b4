import { AppError } from '#runtime';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** How many rows a page may have; more than 100 are 100. Throws `request.invalid`. */
export function readLimit(given: unknown): number {
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = Number(given);
  if (typeof given !== 'string' || !Number.isInteger(limit) || limit < 1) {
    throw new AppError('request.invalid', 'limit must be a whole number above 0.');
  }
  return Math.min(limit, MAX_LIMIT);
}
