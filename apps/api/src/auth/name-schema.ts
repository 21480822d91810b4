import { z } from 'zod';
import { nameProblem } from '#runtime';
import { MAX_ROLES } from './identity.js';

/** The name of a tenant, user or role in a request's body. */
export const Name = z.unknown().transform((given, context): string => {
  const problem = nameProblem(given);
  if (problem === undefined) return given as string;
  context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
});

/** The names of roles. */
export const Roles = z.array(Name).max(MAX_ROLES);
