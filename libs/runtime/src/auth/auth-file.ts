import { z } from 'zod';
import { AuthModes } from './auth-modes.js';

/** The name of a header, in lower case. */
export const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'must be a header name')
  .transform((name) => name.toLowerCase());

/** The name of a claim, or the path to one inside others. */
const Claim = z.union(
  [
    z
      .string()
      .min(1)
      .transform((name) => [name]),
    z.array(z.string().min(1)).min(1),
  ],
  {
    error: 'must be the name of a claim, or a list of names that leads to it',
  },
);

/** The `auth` of the config file. Every key but `jwt.claims`, `session` and `module` has an environment variable as well. */
export const AuthFile = z.strictObject({
  mode: AuthModes.optional().describe(
    'Who may come in: `none`, or one or several of `jwt`, `apiKey`, `session`, `trustedHeader`, `module`; `none` by default',
  ),
  userHeader: HeaderName.optional().describe('With `trustedHeader`: the header that names the user'),
  tenantHeader: HeaderName.optional().describe('With `trustedHeader`: the header that names the tenant'),
  rolesHeader: HeaderName.optional().describe('With `trustedHeader`: the header that names the roles'),
  jwt: z
    .strictObject({
      secret: z.string().optional().describe('The secret with which tokens are signed (HS256)'),
      jwksUrl: z.string().optional().describe('The address of the key set, instead of the secret'),
      issuer: z.string().min(1).optional().describe('Who must have made a token'),
      audience: z
        .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
        .optional()
        .describe('For whom a token must have been made'),
      clockSkewSeconds: z
        .number()
        .min(0)
        .max(600)
        .default(30)
        .describe('How far the clocks of issuer and server may be apart, in seconds'),
      claims: z
        .strictObject({
          user: Claim.default(['sub']).describe('The claim that names the user, or the path to it'),
          tenant: Claim.optional().describe('Absent: everybody is of the tenant `default`'),
          roles: Claim.optional().describe('Absent: nobody has a role'),
        })
        .prefault({}),
    })
    .prefault({}),
  session: z
    .strictObject({
      maxSeconds: z
        .int()
        .min(10)
        .max(2_592_000)
        .default(86_400)
        .describe('The longest that a session may be asked for, in seconds'),
      defaultSeconds: z
        .int()
        .min(10)
        .max(2_592_000)
        .default(600)
        .describe('How long a session lasts if nothing else is asked for'),
    })
    .prefault({}),
  module: z
    .string()
    .min(1)
    .optional()
    .describe('An ES module whose default export decides who asks; relative to the config file'),
});
export type AuthFile = z.output<typeof AuthFile>;
