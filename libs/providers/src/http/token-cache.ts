import type { BearerTokens } from './bearer-tokens.js';

/** Times in epoch milliseconds. */
export interface Token {
  readonly value: string;
  readonly expiresAt: number;
  /** From when on a new one should be fetched, where the server says it. */
  readonly refreshAt?: number | undefined;
}

/** A token that is still valid for so long is used: the request must arrive before it expires. */
const IN_TRANSIT_MS = 10_000;

/** So long before it expires a token is replaced; sooner where it is valid for less than twice as long. */
const REFRESH_MS = 5 * 60_000;

/** A token that is refused when it is younger than this is not replaced: a new one would be refused as well. */
const NEW_MS = 60_000;

interface Held extends Token {
  readonly since: number;
}

/**
 * Keeps a token until shortly before it expires. Whoever needs one while it is fetched waits for the same request; a token that is
 * still valid is used while its successor is fetched, and as long as none can be.
 */
export class TokenCache implements BearerTokens {
  #held: Held | undefined;
  #fetching: Promise<Held> | undefined;

  /** `fetch` asks for a new token; `renewed`, because the last one was refused, so that one from a cache is no use. */
  constructor(
    private readonly fetch: (renewed: boolean) => Promise<Token>,
    private readonly now: () => number,
  ) {}

  async current(): Promise<string> {
    const held = this.#held;
    const now = this.now();
    if (!held || held.expiresAt - now < IN_TRANSIT_MS) return (await this.#fetch(false)).value;
    // Its failure is reported by the first request that has no valid token.
    if (now >= refreshAt(held)) this.#fetch(false).catch(() => undefined);
    return held.value;
  }

  refused(token: string): boolean {
    const held = this.#held;
    // Somebody else has replaced it.
    if (held?.value !== token) return held !== undefined || this.#fetching !== undefined;
    if (this.now() - held.since < NEW_MS) return false;
    this.#held = undefined;
    this.#fetch(true).catch(() => undefined);
    return true;
  }

  #fetch(renewed: boolean): Promise<Held> {
    this.#fetching ??= this.#fetched(renewed).finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetched(renewed: boolean): Promise<Held> {
    this.#held = { ...(await this.fetch(renewed)), since: this.now() };
    return this.#held;
  }
}

function refreshAt({ since, expiresAt, refreshAt: given }: Held): number {
  return given ?? expiresAt - Math.min(REFRESH_MS, (expiresAt - since) / 2);
}
