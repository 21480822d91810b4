import { z } from 'zod';
import { orAbsent } from './json.js';

/** One page of a list [PG-3]: `after` is the id of the last row and is present only while `has_more` is true. */
export interface Page<T> {
  data: T[];
  has_more: boolean;
  after?: string | undefined;
}

/** Rows on a page by default [PG-1]. */
export const DEFAULT_PAGE_LIMIT = 20;

/** No number of rows is too high to ask for [PG-1]: not even one that JavaScript reads as infinite. */
export const PageLimit = z
  .unknown()
  .transform((value) => (typeof value === 'number' ? Math.min(value, Number.MAX_SAFE_INTEGER) : value))
  .pipe(z.int().min(0));

export function pageSchema<T extends z.ZodType>(row: T) {
  return z.object({ data: z.array(row), has_more: z.boolean(), after: orAbsent(z.string()) });
}

/** The items page of every thread outside `threads.get_by_id` [TH-1]. */
export function emptyPage<T>(): Page<T> {
  return { data: [], has_more: false };
}
