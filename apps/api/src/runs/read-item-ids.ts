import { AppError } from '#runtime';

const MAX_IDS = 100;

/** Ids of items, separated by commas; undefined if none are named. Throws `request.invalid`. */
export function readItemIds(given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const ids = typeof given === 'string' ? given.split(',').filter((id) => id !== '') : [];
  if (ids.length === 0 || ids.length > MAX_IDS) {
    throw new AppError('request.invalid', `items must be 1 to ${MAX_IDS} ids of items, separated by commas.`);
  }
  return ids;
}
