import type { FastifyRequest } from 'fastify';
import type { ApiConfig } from '../config.js';
import { KnownOrigins } from './known-origins.js';
import type { RefusalLog } from './refusal-log.js';

const ADMIN_REFUSED = 'a page of another origin was refused the administration';
const ADMIN_HINT =
  'only pages of this server may use it, whatever CORS_ORIGINS says; behind a proxy, set PUBLIC_URL to the address that browsers use';

/** Which pages of other origins may call, for CORS and for the protection against forged requests alike. */
export class CrossOrigin {
  readonly origins: KnownOrigins;

  constructor(
    config: Pick<ApiConfig, 'corsOrigins' | 'publicUrl'>,
    private readonly log: RefusalLog,
  ) {
    this.origins = new KnownOrigins(config);
  }

  /** By `CORS_ORIGINS`, whose pages have no business with administration: browsers send its password along by themselves. */
  isAllowed(request: Routed & Pick<FastifyRequest, 'headers'>): boolean {
    const { origin } = request.headers;
    if (origin === undefined || isAdminRoute(request)) return false;
    return this.origins.isEveryoneListed || this.origins.isNamed(origin);
  }

  /** Once for each origin, and once more where it asked for the administration, which no setting opens to it. */
  logRefusal(request: Routed & Pick<FastifyRequest, 'headers'>): void {
    const { origin = '' } = request.headers;
    if (isAdminRoute(request))
      this.log.warn(ADMIN_REFUSED, this.origins.lineThatAllows(origin) ? origin : 'null', ADMIN_HINT);
    else this.logOrigin(origin);
  }

  private logOrigin(given: string): void {
    const line = this.origins.lineThatAllows(given);
    const hint = line
      ? `to allow it, set ${line}`
      : 'it does not say whose page it is (a file, a sandboxed frame, a redirect), and cannot be allowed: serve the page from an origin of its own';
    this.log.warn('a page of another origin was refused', line ? given : 'null', hint);
  }
}

/** Also decided by path, for routes that other parts register, and for preflights, which have no route of their own. */
export function isAdminRoute({ routeOptions: { config, url: route }, url }: Routed): boolean {
  return config?.access === 'admin' || /^\/admin(?:[/?]|$)/.test(route === undefined || route === '*' ? url : route);
}

type Routed = Pick<FastifyRequest, 'routeOptions' | 'url'>;
