import { AppError } from '#runtime';
import type { Access } from './access.js';
import type { AdminSessions } from './admin-sessions.js';
import type { Credentials } from './credentials.js';
import { ADMIN_ROLE, assertMayUse, DEFAULT_TENANT, type Identity } from './identity.js';
import { onlyValue } from './credentials.js';
import type { IsAdmin } from './admin-token.js';
import type { Strategy } from './strategies/strategy.js';

const ADMINISTRATOR: Identity = {
  tenantId: DEFAULT_TENANT,
  userId: 'administrator',
  roles: [ADMIN_ROLE],
  by: 'adminToken',
  scopes: new Set(['sessions', 'tenants']),
};

/** Routes on which the administrator's token stands for a caller. */
const ADMINISTRATED: ReadonlySet<Access> = new Set<Access>(['admin', 'sessions']);

const NEEDS_TOKEN = 'This requires the administrator token (ADMIN_TOKEN).';
const NO_ADMINISTRATORS =
  'This server has no administrators: set ADMIN_TOKEN (16 characters or more) and start it again to have one.';

/** Says who asks, and whether they may. */
export class Authenticator {
  /** `isAdmin`: undefined without an administrator's token. `sessions`: those that administrators have in browsers. */
  constructor(
    private readonly strategies: readonly Strategy[],
    private readonly isAdmin: IsAdmin | undefined,
    private readonly sessions?: Pick<AdminSessions, 'identify'>,
  ) {}

  /** Throws `AppError` `auth.required`, `auth.invalid`, `auth.forbidden` or `service.unavailable`. */
  async authenticate(
    credentials: Credentials,
    access: Exclude<Access, 'public' | 'link' | 'operator'>,
  ): Promise<Identity> {
    const identity =
      this.administrator(credentials, access) ??
      (await this.signedIn(credentials, access)) ??
      (await this.byStrategy(credentials, access));
    assertMayUse(access, identity);
    return identity;
  }

  private administrator(credentials: Credentials, access: Access): Identity | undefined {
    if (!this.isAdmin || !ADMINISTRATED.has(access)) return undefined;
    return this.isAdmin(onlyValue(credentials, 'authorization')) ? ADMINISTRATOR : undefined;
  }

  /** A browser sends its session by itself; what a request says in its header counts before it. */
  private async signedIn(credentials: Credentials, access: Access): Promise<Identity | undefined> {
    if (access !== 'admin' || credentials.headers['authorization'] !== undefined) return undefined;
    return this.sessions?.identify(credentials);
  }

  private async byStrategy(credentials: Credentials, access: Access): Promise<Identity> {
    const strategy = this.strategyFor(credentials);
    // Nobody is asked who they are, which makes nobody an administrator.
    if (strategy.mode === 'none' && ADMINISTRATED.has(access)) {
      throw new AppError('auth.required', this.isAdmin ? NEEDS_TOKEN : NO_ADMINISTRATORS);
    }
    return strategy.identify(credentials);
  }

  /** The one strategy whose credential the request carries: with two of them it would be up to us who asks. */
  private strategyFor(credentials: Credentials): Strategy {
    const found = this.strategies.filter((strategy) => strategy.recognizes(credentials));
    const claimed = found.length > 1 ? found.filter(({ mode }) => mode !== 'module') : found;
    const [strategy, ...others] = claimed;
    if (!strategy) throw this.nothing(credentials);
    if (others.length === 0) return strategy;
    const modes = claimed.map(({ mode }) => mode).join(' and ');
    throw new AppError('auth.invalid', `The request carries credentials of several kinds (${modes}); send one.`);
  }

  private nothing({ headers }: Credentials): AppError {
    const modes = this.strategies.map(({ mode }) => mode).join(', ');
    return headers['authorization'] === undefined
      ? new AppError('auth.required', `This request does not say who asks; this server takes: ${modes}.`)
      : new AppError('auth.invalid', `The header authorization has no credential that this server takes: ${modes}.`);
  }
}
