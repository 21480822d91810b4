/** Rows of a page of runs, or of the audit log, at most. */
export const MAX_ROWS = 1_000;
/** Days of a report of usage, at most. */
export const MAX_DAYS = 92;
