import { z } from 'zod';

/** A whole number, with its bounds in the message. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .refine((value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);
}

/** 0 is a free port that the system chooses. */
export const port = () => wholeNumber(0, 65_535);

/** Off unless it is `true`. */
export const trueOrFalse = () =>
  z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((value) => value === 'true')
    .prefault('false');

/** Entries separated by commas; spaces around them do not count. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** A list whose entries are read one by one; every one that cannot be is an error of its own. */
export function listOf<Value>(read: (entry: string) => Value | undefined, problem: (entry: string) => string) {
  return list.transform((entries, context) =>
    entries.flatMap((entry) => {
      const value = read(entry);
      if (value !== undefined) return [value];
      context.addIssue({ code: 'custom', message: problem(entry) });
      return [];
    }),
  );
}

/** An http(s) URL; `error` says which one is meant. */
export const httpUrl = (error: string) => z.url({ protocol: /^https?$/, error });
