import { z } from 'zod';

/**
 * The ways in which a request may say who asks. `none`: nobody is asked, all requests are one user's. `module`: the
 * operator's own code decides.
 */
const AUTH_MODES = ['none', 'jwt', 'apiKey', 'session', 'trustedHeader', 'module'] as const;

export type AuthMode = (typeof AUTH_MODES)[number];

const isMode = (name: string): name is AuthMode => (AUTH_MODES as readonly string[]).includes(name);

/** One or several modes, as a list or separated by commas; never empty, and `none` only alone. */
export const AuthModes = z.union([z.string(), z.array(z.string())]).transform((given, context): AuthMode[] => {
  const names = [given].flat().flatMap((part) => part.split(',').map((name) => name.trim()));
  const modes = [...new Set(names.filter(isMode))];
  const issue = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (modes.length === 0 || !names.every(isMode)) {
    return issue(`must be one or several of ${AUTH_MODES.join(', ')}, separated by commas`);
  }
  if (modes.includes('none') && modes.length > 1) return issue('none lets everybody in, so it must stand alone');
  return modes;
});

/** Whether requests have users at all: without authentication they are all one user's. */
export const distinguishesUsers = (modes: readonly AuthMode[]): boolean => !modes.includes('none');
