import { z } from 'zod';
import { exceeded, REQUEST_LIMITS, type RequestLimitName } from './request-limits.js';

/** Text of a limited length. */
export const boundedText = (name: RequestLimitName): z.ZodString =>
  z.string().max(REQUEST_LIMITS[name].max, { error: exceeded(name), abort: true });

/** A list of a limited length. The entries of a longer one are not looked at: their errors alone could fill the memory. */
export const boundedList = <Entry extends z.ZodType>(name: RequestLimitName, entry: Entry) =>
  unlessMore(name, lengthOf).pipe(z.array(entry));

/** An object with a limited number of members, as {@link boundedList}. */
export const boundedRecord = <Value extends z.ZodType>(name: RequestLimitName, value: Value) =>
  unlessMore(name, sizeOf).pipe(z.record(z.string(), value));

const unlessMore = (name: RequestLimitName, countOf: (value: unknown) => number) =>
  z.unknown().refine((value) => countOf(value) <= REQUEST_LIMITS[name].max, { error: exceeded(name), abort: true });

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
