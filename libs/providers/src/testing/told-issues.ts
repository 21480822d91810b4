import type * as z from 'zod';

/** `providers[0].apiKey: …`, `models.fast.model: …`: what is wrong with a config file, for comparisons. */
export const toldIssues = (issues: readonly z.core.$ZodIssue[]): string[] =>
  issues.map(({ path, message }) => `${path.join('.').replace(/^providers\.(\d+)/, 'providers[$1]')}: ${message}`);
