import {
  createLocalJWKSet,
  type CryptoKey,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { AppError, type Logger } from '#runtime';

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
const MAX_BYTES = 1_048_576;

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
    private readonly url: string,
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
      this.current = { find: createLocalJWKSet(await fetchKeys(this.url, this.times.timeout)), at: this.now() };
    } catch (error) {
      this.logger.warn({ err: error, url: this.url, keysAreKnown: this.current !== undefined }, 'AUTH_JWKS_URL');
    }
  }
}

async function fetchKeys(url: string, timeout: number): Promise<JSONWebKeySet> {
  const answer = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  });
  if (!answer.ok) throw new Error(`the identity provider answered ${answer.status} instead of its keys`);
  return JSON.parse(await textOf(answer)) as JSONWebKeySet;
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the answer of the identity provider is far too long for keys');
  }
  return Buffer.concat(chunks).toString('utf8');
}
