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
  mode: AuthModes.optional(),
  userHeader: HeaderName.optional(),
  tenantHeader: HeaderName.optional(),
  rolesHeader: HeaderName.optional(),
  jwt: z
    .strictObject({
      secret: z.string().optional(),
      jwksUrl: z.string().optional(),
      issuer: z.string().min(1).optional(),
      audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
      /** How far the clocks of issuer and server may be apart, in seconds. */
      clockSkewSeconds: z.number().min(0).max(600).default(30),
      claims: z
        .strictObject({
          user: Claim.default(['sub']),
          /** Absent: everybody is of the tenant `default`. */
          tenant: Claim.optional(),
          /** Absent: nobody has a role. */
          roles: Claim.optional(),
        })
        .prefault({}),
    })
    .prefault({}),
  session: z
    .strictObject({
      /** The longest that a session may be asked for, in seconds. */
      maxSeconds: z.int().min(10).max(2_592_000).default(86_400),
      /** How long a session lasts if nothing else is asked for. */
      defaultSeconds: z.int().min(10).max(2_592_000).default(600),
    })
    .prefault({}),
  /** An ES module whose default export decides who asks; relative to the config file. */
  module: z.string().min(1).optional(),
});
export type AuthFile = z.output<typeof AuthFile>;
