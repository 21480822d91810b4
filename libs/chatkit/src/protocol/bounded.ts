import { z } from 'zod';
import { exceeded, MAX_ISSUES, REQUEST_LIMITS, type RequestLimitName } from './request-limits.js';

/** Text of a limited length. */
export const boundedText = (name: RequestLimitName): z.ZodString =>
  z.string().max(REQUEST_LIMITS[name].max, { error: exceeded(name), abort: true });

/**
 * A list of a limited length. The entries of a longer one are not looked at, nor are those behind the first errors that will be
 * listed: an error costs more than what it is about, and all of them together could fill the memory.
 */
export const boundedList = <Entry extends z.ZodType>(
  name: RequestLimitName,
  entry: Entry,
  explain?: z.core.$ZodErrorMap,
) =>
  unlessMore(name, lengthOf)
    .pipe(z.array(z.unknown()))
    .transform((values, { issues }) => {
      const entries: z.output<Entry>[] = [];
      for (const [index, value] of values.entries()) {
        const parsed = entry.safeParse(value, explain && { error: explain });
        if (parsed.success) entries.push(parsed.data);
        else
          for (const { path, ...issue } of parsed.error.issues)
            issues.push({ ...issue, path: [index, ...path] } as z.core.$ZodRawIssue);
        if (issues.length >= MAX_ISSUES) return z.NEVER;
      }
      return issues.length > 0 ? z.NEVER : entries;
    });

/** An object with a limited number of members, as {@link boundedList}. */
export const boundedRecord = <Value extends z.ZodType>(name: RequestLimitName, value: Value) =>
  unlessMore(name, sizeOf).pipe(z.record(z.string(), value));

const unlessMore = (name: RequestLimitName, countOf: (value: unknown) => number) =>
  z.unknown().refine((value) => countOf(value) <= REQUEST_LIMITS[name].max, { error: exceeded(name), abort: true });

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
