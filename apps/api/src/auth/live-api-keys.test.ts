import { expect, it } from 'vitest';
import { type ApiKey, ApiKeyStore, hashApiKey, type Logger } from '#runtime';
import { LiveApiKeys } from './live-api-keys.js';

const REAL = 'ckr_real';
const guesses = (count: number) => Array.from({ length: count }, (_, index) => `ckr_${index}`);

/** A store that answers when it is told to; it has one key. */
class SlowStore extends ApiKeyStore {
  readonly asked: string[] = [];
  private waiting: (() => void)[] = [];

  constructor() {
    super({ query: () => Promise.reject(new Error('no database')) });
  }

  override async findByHash(hash: string): Promise<ApiKey | undefined> {
    this.asked.push(hash);
    await new Promise<void>((answer) => this.waiting.push(answer));
    const real = { id: 'key_1', lastUsedAt: new Date() } as ApiKey;
    return hash === hashApiKey(REAL) ? real : undefined;
  }

  /** Answers until nothing is asked any more. */
  async answerAll(): Promise<void> {
    while (this.waiting.length > 0) {
      for (const answer of this.waiting.splice(0)) answer();
      await new Promise(setImmediate);
    }
  }
}

function lookups() {
  const store = new SlowStore();
  return { store, keys: new LiveApiKeys(store, { warn: () => undefined } as unknown as Logger) };
}

it('guessed keys are looked up two at once, in their order', async () => {
  const { store, keys } = lookups();
  const answers = Promise.all(guesses(5).map((key) => keys.byKey(key)));
  expect(store.asked).toHaveLength(2);
  await store.answerAll();
  expect(store.asked).toEqual(guesses(5).map(hashApiKey));
  expect(await answers).toEqual(Array.from({ length: 5 }));
});

it('they delay no key that was found before', async () => {
  const { store, keys } = lookups();
  const first = keys.byKey(REAL);
  await store.answerAll();
  expect(await first).toMatchObject({ id: 'key_1' });
  // As many as are remembered at most, so that this one is forgotten.
  const answers = Promise.allSettled(guesses(10_000).map((key) => keys.byKey(key)));
  const before = store.asked.length;
  const again = keys.byKey(REAL);
  expect(store.asked.slice(before)).toEqual([hashApiKey(REAL)]);
  await store.answerAll();
  expect(await again).toMatchObject({ id: 'key_1' });
  await answers;
});

it('more than some hundreds are refused without a look, and may try again', async () => {
  const { store, keys } = lookups();
  const answers = Promise.allSettled(guesses(501).map((key) => keys.byKey(key)));
  await store.answerAll();
  const refused = (await answers).filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([{ reason: { code: 'service.unavailable' } }]);
  const again = keys.byKey('ckr_500');
  await store.answerAll();
  expect(await again).toBeUndefined();
});
