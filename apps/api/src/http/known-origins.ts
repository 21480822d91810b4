import type { ApiConfig } from '../config.js';
import { EVERY_ORIGIN } from '#runtime/api';
import { isOriginOfHost, parseOrigin } from '#runtime/api';

/** The pages that may call this server: its own, and those of `CORS_ORIGINS`. */
export class KnownOrigins {
  private readonly listed: ReadonlySet<string>;
  private readonly ownUrl: string | undefined;

  constructor({ corsOrigins, publicUrl }: Pick<ApiConfig, 'corsOrigins' | 'publicUrl'>) {
    this.listed = new Set(corsOrigins);
    this.ownUrl = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  }

  /** `hosts`: how the request names this server. */
  isOwn(given: string, hosts: readonly string[]): boolean {
    const origin = parseOrigin(given);
    return origin !== undefined && (origin === this.ownUrl || hosts.some((host) => isOriginOfHost(origin, host)));
  }

  /** Whether `CORS_ORIGINS` has this origin by its name. */
  isNamed(given: string): boolean {
    const origin = parseOrigin(given);
    return origin !== undefined && this.listed.has(origin);
  }

  get isEveryoneListed(): boolean {
    return this.listed.has(EVERY_ORIGIN);
  }

  /** The line of the environment that would allow this origin as well; undefined if there is none. */
  lineThatAllows(given: string): string | undefined {
    const origin = parseOrigin(given);
    return origin === undefined ? undefined : `CORS_ORIGINS=${[...this.listed, origin].join(',')}`;
  }
}
