import { createLocalJWKSet, type CryptoKey, errors, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import { AppError, type Logger } from '#runtime';
import { fetchKeySet, type KeySource } from './fetch-key-set.js';

/** How long things take and last, in milliseconds. */
export interface JwksTimes {
  /** Older keys are asked for again, while they are still in use. */
  readonly refreshAfter: number;
  /** Keys that could not be asked for again for this long are not used any more. */
  readonly staleAfter: number;
  /** The server is asked at most this often, whoever sends tokens with unknown keys. */
  readonly coolDown: number;
  readonly timeout: number;
}
const TIMES: JwksTimes = { refreshAfter: 300_000, staleAfter: 86_400_000, coolDown: 5_000, timeout: 5_000 };

interface Fetched {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  readonly at: number;
}

/**
 * The public keys of an identity provider. They are kept while the provider is away, and asked for again when a token names an
 * unknown one, which is how new keys come into use.
 */
export class Jwks {
  private current: Fetched | undefined;
  private fetching: Promise<void> | undefined;
  private triedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly source: KeySource,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly times: JwksTimes = TIMES,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The key of a token, for jose. Throws jose's errors, and `AppError` `service.unavailable` if there are no keys at all. */
  readonly find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    const { find } = await this.usable();
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.refresh())) throw error;
      const renewed = await this.usable();
      return renewed.find(header, token);
    }
  };

  private async usable(): Promise<Fetched> {
    const age = this.current ? this.now() - this.current.at : Number.POSITIVE_INFINITY;
    if (age > this.times.staleAfter) await this.refresh();
    else if (age > this.times.refreshAfter) void this.refresh();
    const { current } = this;
    if (current && this.now() - current.at <= this.times.staleAfter) return current;
    throw new AppError(
      'service.unavailable',
      'The keys of the identity provider cannot be fetched right now, so no token can be checked.',
    );
  }

  /** Whether the server was asked, by this call or by one that is under way. */
  private async refresh(): Promise<boolean> {
    if (!this.fetching) {
      if (this.now() - this.triedAt < this.times.coolDown) return false;
      this.triedAt = this.now();
      this.fetching = this.fetch().finally(() => (this.fetching = undefined));
    }
    await this.fetching;
    return true;
  }

  private async fetch(): Promise<void> {
    try {
      this.current = { find: createLocalJWKSet(await fetchKeySet(this.source, this.times.timeout)), at: this.now() };
    } catch (error) {
      this.logger.warn({ err: error, url: this.source.url, keysAreKnown: this.current !== undefined }, 'AUTH_JWKS_URL');
    }
  }
}
