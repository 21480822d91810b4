import { AppError, type AuthContext, type AuthMode, nameProblem } from '#runtime';
import { actorName } from '#runtime/api';
import type { Access } from './access.js';

export const DEFAULT_TENANT = 'default';
export const ADMIN_ROLE = 'admin';

/** What a credential is for; what it names beyond that is refused. */
export type Scope = Exclude<Access, 'public' | 'link' | 'admin'> | 'tenants';

/** Who asks, as a credential proves it. */
export interface Identity extends Omit<AuthContext, 'requestId'> {
  /** How it was proved; for logs. */
  readonly by: AuthMode | 'adminToken';
  /** The API key, or the key behind a session; for logs and to revoke. */
  readonly keyId?: string | undefined;
  /** Absent: what every user may do. */
  readonly scopes?: ReadonlySet<Scope> | undefined;
  /** Of an administrator's session in a browser, by which they ask: Unix time in seconds. */
  readonly sessionEndsAt?: number | undefined;
}

/** The caller as the audit log and what was made by it name it, until its user is erased: how it was proved, the API key, and the names. */
export function actorOf({ by, keyId, tenantId, userId }: Identity): string {
  if (by === 'adminToken') return by;
  return [by, ...(keyId === undefined ? [] : [keyId]), actorName(tenantId, userId)].join(' ');
}

/** What somebody else says about who asks, not yet checked. */
interface Claimed {
  readonly tenant?: unknown;
  readonly user: unknown;
  readonly roles?: unknown;
}

export const MAX_ROLES = 64;

/** Checks names as they come from a credential. `what` names the source of each in errors. */
export function checkedNames(
  { tenant = DEFAULT_TENANT, user, roles = [] }: Claimed,
  what: { readonly tenant: string; readonly user: string; readonly roles: string },
): Pick<Identity, 'tenantId' | 'userId' | 'roles'> {
  const list = typeof roles === 'string' ? [roles] : roles;
  if (!Array.isArray(list) || list.length > MAX_ROLES) throw invalid(what.roles, `must be at most ${MAX_ROLES} names`);
  return {
    tenantId: checkedName(tenant, what.tenant),
    userId: checkedName(user, what.user),
    roles: list.map((role) => checkedName(role, what.roles)),
  };
}

function checkedName(name: unknown, what: string): string {
  const problem = nameProblem(name);
  if (problem !== undefined) throw invalid(what, problem);
  return name as string;
}

const invalid = (what: string, problem: string): AppError => new AppError('auth.invalid', `${what} ${problem}.`);

/** Throws `AppError` `auth.forbidden` unless this caller may use such a route. */
export function assertMayUse(access: Exclude<Access, 'public' | 'link'>, { roles, scopes }: Identity): void {
  if (access === 'admin') {
    if (roles.includes(ADMIN_ROLE)) return;
    throw new AppError('auth.forbidden', `This is for administrators: the role "${ADMIN_ROLE}" or ADMIN_TOKEN.`);
  }
  if (access === 'sessions' ? scopes?.has('sessions') : !scopes || scopes.has(access)) return;
  const words = scopes
    ? `This credential is not for this: it lacks the scope "${access}".`
    : 'Only servers may make sessions: with an API key that has the scope "sessions", or with ADMIN_TOKEN.';
  throw new AppError('auth.forbidden', words);
}
