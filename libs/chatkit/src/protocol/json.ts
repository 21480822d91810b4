import { z } from 'zod';

/** A free-form object: handed on as it came, nulls included [SER-2]. */
export type JsonObject = Record<string, unknown>;

// z.record would rebuild the object; free-form data is none of our business, so it stays the same object.
export const JsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  { error: 'must be an object' },
);

/** A free-form object that is written as `{}` when nobody gave one [SER-3]. */
export const JsonObjectOrEmpty = JsonObject.optional().transform((value): JsonObject => value ?? {});

/**
 * A modelled field that may be missing. Null is read as absent, and the type has no null, so no null can be written
 * [SER-1].
 */
export function orAbsent<T extends z.ZodType>(schema: T) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
}

/** A moment in UTC, `2026-01-31T09:30:00.123Z` [SER-7]. */
export const Timestamp = z.iso.datetime();
