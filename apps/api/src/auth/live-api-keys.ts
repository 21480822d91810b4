import { Injectable } from '@nestjs/common';
import { atMost } from '#media';
import { type ApiKey, ApiKeyStore, AppError, hashApiKey, Logger } from '#runtime';

/** A revoked key may be used for this long, in any API. */
const KNOWN_FOR_MS = 2_000;
const TOUCH_AFTER_MS = 60_000;
/** Answers that are kept; a stranger who guesses keys fills them, and no more. */
const MAX_KNOWN = 10_000;
/** Keys that were never found are asked for by this many connections of the pool at most … */
const NEW_AT_ONCE = 2;
/** … and more than these do not wait for them. */
const MAX_NEW = 500;

interface Known {
  readonly key: Promise<ApiKey | undefined>;
  readonly until: number;
}

/** API keys that may be used now: asked of Postgres, whose clock decides, once in two seconds each. */
@Injectable()
export class LiveApiKeys {
  private readonly known = new Map<string, Known>();
  /** Hashes that this process has found: guessed keys do not delay them. */
  private readonly found = new Set<string>();
  private readonly fewAtOnce = atMost(NEW_AT_ONCE);
  private newKeys = 0;

  constructor(
    private readonly store: ApiKeyStore,
    private readonly logger: Logger,
  ) {}

  /**
   * By a key that somebody gives; undefined if it may not be used. Throws `AppError` `service.unavailable` for a key that is
   * new to this process while too many of them are being looked up.
   */
  byKey(key: string): Promise<ApiKey | undefined> {
    const hash = hashApiKey(key);
    return this.cached(`hash ${hash}`, () => (this.found.has(hash) ? this.lookUp(hash) : this.lookUpNew(hash)));
  }

  /** By its id, for what was made with it. */
  byId(id: string): Promise<ApiKey | undefined> {
    return this.cached(`id ${id}`, () => this.store.findById(id));
  }

  private async lookUp(hash: string): Promise<ApiKey | undefined> {
    const key = await this.store.findByHash(hash);
    if (!key) {
      this.found.delete(hash);
      return undefined;
    }
    this.found.add(hash);
    this.touch(key);
    return key;
  }

  private async lookUpNew(hash: string): Promise<ApiKey | undefined> {
    if (this.newKeys >= MAX_NEW) {
      throw new AppError(
        'service.unavailable',
        'Too many unknown API keys are being looked up. Try again in a moment.',
      );
    }
    this.newKeys += 1;
    try {
      return await this.fewAtOnce(() => this.lookUp(hash));
    } finally {
      this.newKeys -= 1;
    }
  }

  private cached(name: string, load: () => Promise<ApiKey | undefined>): Promise<ApiKey | undefined> {
    const now = performance.now();
    const known = this.known.get(name);
    return known && known.until > now ? known.key : this.load(name, now, load);
  }

  private load(name: string, now: number, load: () => Promise<ApiKey | undefined>): Promise<ApiKey | undefined> {
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    const key = load();
    this.known.set(name, { key, until: now + KNOWN_FOR_MS });
    // An outage is not remembered.
    key.catch(() => this.known.delete(name));
    return key;
  }

  private touch({ id, lastUsedAt }: ApiKey): void {
    if (lastUsedAt && Date.now() - lastUsedAt.getTime() < TOUCH_AFTER_MS) return;
    this.store.touch(id).catch((error: unknown) => {
      this.logger.warn({ err: error, keyId: id }, 'the use of an API key was not noted');
    });
  }
}
