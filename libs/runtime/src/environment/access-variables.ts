import { isIP } from 'node:net';
import { z } from 'zod';
import { HeaderName } from '../auth/auth-file.js';
import { AuthModes } from '../auth/auth-modes.js';
import { list, trueOrFalse } from './schemas.js';
import { variable } from './variable.js';

/** Whether an entry is an address, or a network as `address/bits`. */
function isPeer(entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Who may come in. */
export const accessVariables = {
  AUTH_MODE: variable({
    schema: AuthModes.optional(),
    isForOthers: true,
    readBy: ['api', 'worker'],
    description:
      '`none`: one user, for one person on one machine; or one or several of `jwt`, `apiKey`, `session`, `trustedHeader`, `module`, separated by commas ([authentication](authentication.md))',
    example: 'jwt',
    unset: '`auth.mode` of the config file, or `none`',
  }),
  AUTH_ALLOW_OPEN: variable({
    schema: trueOrFalse(),
    readBy: ['api'],
    description: '`true`: an open server on purpose, although others reach it',
    example: 'true',
  }),
  AUTH_JWT_SECRET: variable({
    schema: z.string().optional(),
    readBy: ['api'],
    description: 'With `jwt`: the secret with which tokens are signed (HS256), at least 32 bytes',
    example: 'replace-me-with-48-random-bytes-of-your-own',
    isSecret: true,
    authModes: ['jwt'],
  }),
  AUTH_JWKS_URL: variable({
    schema: z.string().optional(),
    readBy: ['api'],
    description: 'With `jwt`: the address of the key set, instead of the secret',
    example: 'https://login.example.com/.well-known/jwks.json',
    authModes: ['jwt'],
  }),
  AUTH_ISSUER: variable({
    schema: z.string().optional(),
    readBy: ['api'],
    description: 'With `jwt`: who must have made a token',
    example: 'https://login.example.com/',
    unset: 'not checked',
    authModes: ['jwt'],
  }),
  AUTH_AUDIENCE: variable({
    schema: list.optional(),
    readBy: ['api'],
    description: 'With `jwt`: for whom a token must have been made, one or several separated by commas; `*` for any',
    example: 'chatkit-relay',
    unset: 'not checked; required with `AUTH_JWKS_URL`',
    authModes: ['jwt'],
  }),
  AUTH_USER_HEADER: variable({
    schema: HeaderName.optional(),
    readBy: ['api'],
    description: 'With `trustedHeader`: the header that names the user (required)',
    example: 'X-Forwarded-User',
    authModes: ['trustedHeader'],
  }),
  AUTH_TENANT_HEADER: variable({
    schema: HeaderName.optional(),
    readBy: ['api'],
    description: 'With `trustedHeader`: the header that names the tenant',
    example: 'X-Forwarded-Tenant',
    unset: 'everybody is of the tenant `default`',
    authModes: ['trustedHeader'],
  }),
  AUTH_ROLES_HEADER: variable({
    schema: HeaderName.optional(),
    readBy: ['api'],
    description: 'With `trustedHeader`: the header that names the roles',
    example: 'X-Forwarded-Groups',
    unset: 'nobody has a role',
    authModes: ['trustedHeader'],
  }),
  AUTH_TRUSTED_PROXIES: variable({
    schema: list
      .refine((entries) => entries.every(isPeer), 'must be addresses or networks, separated by commas: 10.0.0.0/8, ::1')
      .prefault(''),
    readBy: ['api'],
    description: 'Trusted proxies besides loopback: addresses and networks, separated by commas',
    example: '10.0.0.0/8',
    authModes: ['trustedHeader', 'jwt', 'apiKey', 'session', 'module'],
  }),
  SECRETS_KEY: variable({
    schema: z
      .string()
      .transform((value) => value.split(',').map((entry) => entry.trim()))
      .refine((entries) => entries.every((entry) => /^[\x21-\x7e]{32,}$/.test(entry)), {
        error: 'must be at least 32 visible ASCII characters, without spaces; openssl rand -base64 32 makes one',
      })
      .optional(),
    readBy: ['api', 'worker'],
    description:
      'At least 32 characters, the same for all processes: encrypts [keys of tenants](providers/configuration.md#keys-of-tenants), and the keys that sign sessions and links are derived from it; several are separated by commas, and the first one is in use',
    example: 'replace-me-with-32-random-bytes-of-your-own',
    unset: 'signing keys are made once and kept in Postgres, and tenants cannot have keys',
    isSecret: true,
  }),
  ADMIN_TOKEN: variable({
    schema: z
      .string()
      .regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 visible ASCII characters, without spaces')
      .optional(),
    readBy: ['api'],
    description: 'Enables [the administration](admin.md) for whoever knows it; at least 16 visible ASCII characters',
    example: 'replace-me-with-random-characters',
    unset: 'its routes answer 401 and 404',
    isSecret: true,
  }),
  ADMIN_CONTENT: variable({
    schema: trueOrFalse(),
    readBy: ['api'],
    description: '`true`: administrators may read conversations; every look is in the audit log',
    example: 'true',
  }),
};
