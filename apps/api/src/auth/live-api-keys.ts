import { type ApiKey, ApiKeyStore, hashApiKey, Logger } from '#runtime';

/** A revoked key may be used for this long, in any API. */
const KNOWN_FOR_MS = 2_000;
const TOUCH_AFTER_MS = 60_000;
/** Answers that are kept; a stranger who guesses keys fills them, and no more. */
const MAX_KNOWN = 10_000;

interface Known {
  readonly key: Promise<ApiKey | undefined>;
  readonly until: number;
}

/** API keys that may be used now: asked of Postgres, whose clock decides, once in two seconds each. */
export class LiveApiKeys {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly store: ApiKeyStore,
    private readonly logger: Logger,
  ) {}

  /** By a key that somebody gives; undefined if it may not be used. */
  byKey(key: string): Promise<ApiKey | undefined> {
    const hash = hashApiKey(key);
    return this.cached(`hash ${hash}`, async () => {
      const found = await this.store.findByHash(hash);
      if (found) this.touch(found);
      return found;
    });
  }

  /** By its id, for what was made with it. */
  byId(id: string): Promise<ApiKey | undefined> {
    return this.cached(`id ${id}`, () => this.store.findById(id));
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
