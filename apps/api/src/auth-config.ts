import { isIP } from 'node:net';
import { z } from 'zod';
import { type AuthFile, type AuthMode, commonVariables, type Environment, HeaderName } from '#runtime';

/** How requests are authenticated. A mode that is not in `modes` may have settings; they have no effect. */
export interface AuthConfig {
  /** Never empty; `none` only alone. A request must carry the credential of exactly one of them. */
  readonly modes: readonly AuthMode[];
  readonly trustedHeader: TrustedHeaderConfig;
  readonly jwt: JwtConfig;
  readonly session: { readonly maxSeconds: number; readonly defaultSeconds: number };
  /** The absolute path of the operator's own module, see the mode `module`. */
  readonly module: string | undefined;
  /** Addresses and networks of proxies whose headers are believed, besides loopback. */
  readonly trustedProxies: readonly string[];
}

/** Headers by which a proxy says who asks. Names are lower case. */
export interface TrustedHeaderConfig {
  /** Never undefined if the mode is in use. */
  readonly userHeader: string | undefined;
  /** Absent: everybody is of the tenant `default`. */
  readonly tenantHeader: string | undefined;
  /** Absent: nobody has a role. */
  readonly rolesHeader: string | undefined;
}

export interface JwtConfig {
  /** One of `secret` and `jwksUrl` is set if the mode is in use, never both. */
  readonly secret: string | undefined;
  readonly jwksUrl: string | undefined;
  readonly issuer: string | undefined;
  /** Empty: not checked. */
  readonly audience: readonly string[];
  readonly clockSkewSeconds: number;
  readonly claims: AuthFile['jwt']['claims'];
}

/** HS256 takes keys of at least the length of its hash (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;

export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

export const authVariables = {
  AUTH_MODE: commonVariables.AUTH_MODE,
  AUTH_USER_HEADER: HeaderName.optional(),
  AUTH_TENANT_HEADER: HeaderName.optional(),
  AUTH_ROLES_HEADER: HeaderName.optional(),
  AUTH_TRUSTED_PROXIES: list
    .refine((entries) => entries.every(isPeer), 'must be addresses or networks, separated by commas: 10.0.0.0/8, ::1')
    .default([]),
  AUTH_JWT_SECRET: z.string().optional(),
  AUTH_JWKS_URL: z.string().optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: list.optional(),
  ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 visible ASCII characters, without spaces')
    .optional(),
};
const AuthVariables = z.object(authVariables);
type AuthVariables = z.output<typeof AuthVariables>;

const OPEN: readonly AuthMode[] = ['none'];

/** Each variable takes precedence over the same setting of the file. */
export function authConfig(variables: AuthVariables, file: AuthFile): AuthConfig {
  const { jwt } = file;
  return {
    modes: variables.AUTH_MODE ?? file.mode ?? OPEN,
    trustedHeader: {
      userHeader: variables.AUTH_USER_HEADER ?? file.userHeader,
      tenantHeader: variables.AUTH_TENANT_HEADER ?? file.tenantHeader,
      rolesHeader: variables.AUTH_ROLES_HEADER ?? file.rolesHeader,
    },
    jwt: {
      secret: variables.AUTH_JWT_SECRET ?? jwt.secret,
      jwksUrl: variables.AUTH_JWKS_URL ?? jwt.jwksUrl,
      issuer: variables.AUTH_ISSUER ?? jwt.issuer,
      audience: variables.AUTH_AUDIENCE ?? [jwt.audience ?? []].flat(),
      clockSkewSeconds: jwt.clockSkewSeconds,
      claims: jwt.claims,
    },
    session: file.session,
    module: file.module,
    trustedProxies: variables.AUTH_TRUSTED_PROXIES,
  };
}

/** What a mode in use lacks. Variables that are wrong by themselves are reported elsewhere. */
export function authProblems(given: Environment, file: AuthFile): string[] {
  const wrong = new Set(AuthVariables.safeParse(given).error?.issues.map(({ path }) => path[0]));
  if (wrong.has('AUTH_MODE')) return [];
  const variables = AuthVariables.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name))));
  const config = authConfig(variables, file);
  const problems: Partial<Record<AuthMode, () => string[]>> = {
    trustedHeader: () => headerProblems(config.trustedHeader),
    jwt: () => jwtProblems(config.jwt),
    session: () => sessionProblems(config, variables.ADMIN_TOKEN),
    module: () => (config.module ? [] : ['auth.module: is required with the mode module: the path of an ES module']),
  };
  return config.modes.flatMap((mode) => problems[mode]?.() ?? []);
}

function headerProblems({ userHeader, tenantHeader, rolesHeader }: TrustedHeaderConfig): string[] {
  if (!userHeader) {
    return ['AUTH_USER_HEADER: is required with AUTH_MODE=trustedHeader: the header that names the user'];
  }
  const names = [userHeader, tenantHeader, rolesHeader].filter((name) => name !== undefined);
  if (new Set(names).size === names.length) return [];
  return ['AUTH_USER_HEADER, AUTH_TENANT_HEADER and AUTH_ROLES_HEADER: must name different headers'];
}

/** Says that tokens for any application are taken. */
export const ANY_AUDIENCE = '*';

function jwtProblems({ secret, jwksUrl, audience }: JwtConfig): string[] {
  if (!secret === !jwksUrl) {
    return [
      'AUTH_JWT_SECRET or AUTH_JWKS_URL: exactly one is required with AUTH_MODE=jwt: the key, or where the keys are',
    ];
  }
  if (secret && Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    return [`AUTH_JWT_SECRET: must have at least ${MIN_SECRET_BYTES} bytes; openssl rand -base64 48 makes one`];
  }
  if (jwksUrl && !z.url({ protocol: /^https?$/ }).safeParse(jwksUrl).success) {
    return ['AUTH_JWKS_URL: must be a URL that begins with https:// (or http://, on a network of your own)'];
  }
  if (jwksUrl && audience.length === 0) {
    return [
      `AUTH_AUDIENCE: is required with AUTH_JWKS_URL: the audience of your tokens; ${ANY_AUDIENCE} also takes those that the identity provider has made for other applications`,
    ];
  }
  return [];
}

function sessionProblems({ modes, session }: AuthConfig, adminToken: string | undefined): string[] {
  if (session.defaultSeconds > session.maxSeconds) {
    return ['auth.session: defaultSeconds must not be greater than maxSeconds'];
  }
  if (modes.includes('apiKey') || adminToken) return [];
  return ['AUTH_MODE: with session, something must be able to make sessions: add apiKey, or set ADMIN_TOKEN'];
}

/** Whether an entry is an address, or a network as `address/bits`. */
function isPeer(entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
