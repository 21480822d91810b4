import { z } from 'zod';
import { type AuthFile, type AuthMode, type Environment, environmentSchema, proxyOf } from '#runtime';

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
  /** Through which the key set is fetched. */
  readonly proxyOf: (url: string) => string | undefined;
  readonly issuer: string | undefined;
  /** Empty: not checked. */
  readonly audience: readonly string[];
  readonly clockSkewSeconds: number;
  readonly claims: AuthFile['jwt']['claims'];
}

/** HS256 takes keys of at least the length of its hash (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;

/** Of the whole API, but what is missing elsewhere does not matter here. */
const Variables = environmentSchema('api').partial({ DATABASE_URL: true });
type Variables = z.output<typeof Variables>;

const OPEN: readonly AuthMode[] = ['none'];

/** Each variable takes precedence over the same setting of the file. */
export function authConfig(variables: Variables, file: AuthFile): AuthConfig {
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
      proxyOf,
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
  const wrong = new Set(Variables.safeParse(given).error?.issues.map(({ path }) => path[0]));
  if (wrong.has('AUTH_MODE')) return [];
  const variables = Variables.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name))));
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
