import { z } from 'zod';

/** A free-form object: passed on unchanged, nulls included [SER-2]. */
export type JsonObject = Record<string, unknown>;

// z.record would rebuild the object; free-form data is not ours to change, so it stays the same object.
export const JsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  { error: 'must be an object' },
);

/** A free-form object that is written as `{}` when it is missing [SER-3]. */
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
