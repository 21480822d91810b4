import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  createThread,
  deltasOf,
  doneItems,
  listItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  until,
  type WireItem,
} from '../../support/chat.js';
import {
  dies,
  drips,
  isSilent,
  refuses,
  says,
  saysNothing,
  startFaultyProvider,
  stays,
  token,
} from './support/provider.js';
import { oneEngine } from '../../support/one-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useRelay } from '../../support/relay.js';
import { duringSuite } from '../../support/during-suite.js';

const KEYS = ['sk-first-0123456789abcdef', 'sk-second-0123456789abcdef'];
const FOREVER = 600_000;
const SECOND = 1_000;

/** RFC 9110 dates have whole seconds: this is at least one second from now, and at most two. */
const soon = () => ({ 'retry-after': new Date(Math.ceil(Date.now() / SECOND + 1) * SECOND).toUTCString() });

const DEEDS = {
  seconds: [refuses(429, { 'retry-after': '1' }), says('a', 3)],
  date: [refuses(429, soon), says('a', 3)],
  milliseconds: [refuses(429, { 'retry-after-ms': '300', 'retry-after': '9' }), says('a', 3)],
  'too-long': [refuses(429, { 'retry-after': '99999999' }), says('a', 3)],
  'broken-twice': [refuses(500), refuses(500), says('a', 3)],
  'empty-twice': [saysNothing(), saysNothing(), says('a', 3)],
  'only-thinks': [saysNothing('Let me see.')],
  speaks: [says('second', 3)],
  'is-down': [refuses(503), refuses(503), says('a', 3)],
  'comes-back': [refuses(503), refuses(503), says('a', 3)],
  dies: [says('first', 40, dies)],
  'dies-too': [says('first', 40, dies)],
  whole: [says('second', 60)],
  'never-asked': [says('second', 60)],
  'down-a': [refuses(500)],
  'down-b': [refuses(529)],
  slow: [isSilent],
  stalls: [says('a', 2, stays)],
  endless: [drips],
  keys: [says('a', 3)],
} as const;

/** Long deadlines for everything but the one that a test is about. */
const patient = { firstTokenMs: FOREVER, idleMs: FOREVER, totalMs: FOREVER };

function configOf(baseUrl: string): object {
  const local = { kind: 'openai-compatible', baseUrl, defaultModel: 'whole' };
  const shortly = { retry: { firstWaitMs: 10, maxWaitMs: 5_000 }, breaker: false };
  const once = { retry: { attempts: 1 } };
  return {
    titles: false,
    deadlines: patient,
    providers: [
      { ...local, id: 'again', ...shortly },
      { ...local, id: 'once', ...once },
      { ...local, id: 'keyed', apiKeys: KEYS, ...once },
    ],
    models: {
      down: { model: 'once/is-down', breaker: { failures: 2, openMs: FOREVER } },
      back: { model: 'once/comes-back', breaker: { failures: 2, openMs: 1_000 } },
      thoughtful: { model: 'once/only-thinks', fallback: ['once/speaks'] },
      replaced: { model: 'once/dies', fallback: ['once/whole'] },
      failed: { model: 'once/dies-too', fallback: ['once/never-asked'], afterFirstToken: 'fail' },
      doomed: { model: 'once/down-a', fallback: ['once/down-b'] },
      slow: { model: 'once/slow', deadlines: { firstTokenMs: 300 } },
      stalls: { model: 'once/stalls', deadlines: { idleMs: 300 } },
      endless: { model: 'once/endless', deadlines: { totalMs: 700 } },
    },
  };
}

interface RunRow {
  readonly state: string;
  readonly error_code: string | null;
  readonly error_detail: string | null;
  readonly provider: string | null;
  readonly model: string | null;
}

const BUSY = {
  code: 'custom',
  message: 'The model is busy right now. Please try again in a moment.',
  allow_retry: true,
};
const LATE = { code: 'custom', message: 'The model took too long to answer. Please try again.', allow_retry: true };
const UNFORESEEN = { code: 'stream.error', allow_retry: true };

const tokens = (name: string, count: number) => Array.from({ length: count }, (_, index) => token(name, index + 1));
const errorsOf = ({ events }: Answer) => events.filter(({ type }) => type === 'error');

describe.each(oneEngine('redis'))('faults of providers on the %s engine', (engine) => {
  const folder = temporaryFolder('chatkit-policies-');
  const provider = duringSuite(
    () => startFaultyProvider(DEEDS, { [KEYS[0] as string]: refuses(401) }),
    (faulty) => faulty.close(),
  );
  const relay = useRelay(engine, () => {
    const CHATKIT_CONFIG = join(folder, 'chatkit.config.json');
    writeFileSync(CHATKIT_CONFIG, JSON.stringify(configOf(provider.url)));
    return { variables: { CHATKIT_CONFIG } };
  });

  async function ask(model: string) {
    const answer = await post(relay.url, createThread('Hi', { model }));
    const threadId = threadIdOf(answer);
    const run = await until('the settled run', 30_000, async () => {
      const [row] = await relay.query<RunRow>(
        "SELECT state, error_code, error_detail, provider, model FROM runs WHERE thread_id = $1 AND state NOT IN ('queued', 'working')",
        [threadId],
      );
      return row;
    });
    const { data } = await postJson<{ data: WireItem[] }>(relay.url, listItems(threadId));
    const stored = data.filter(({ type }) => type === 'assistant_message').map((item) => textOf(item));
    return { answer, run, stored };
  }

  /** The whole answer, once: in the stream, in the finished item, and after a reload. */
  function expectWhole({ answer, run, stored }: Awaited<ReturnType<typeof ask>>, text: string, by: string): void {
    expect(errorsOf(answer)).toEqual([]);
    expect(doneItems(answer.events, 'assistant_message').map((item) => textOf(item))).toEqual([text]);
    expect(stored).toEqual([text]);
    const [id, model] = by.split('/');
    expect(run).toMatchObject({ state: 'completed', error_code: null, provider: id, model });
  }

  function expectFailed(
    { answer, run }: Awaited<ReturnType<typeof ask>>,
    error: object,
    code: string,
    words: readonly string[],
  ): void {
    expect(errorsOf(answer)).toEqual([expect.objectContaining({ type: 'error', ...error })]);
    expect(run).toMatchObject({ state: 'failed', error_code: code });
    for (const word of words) expect(run.error_detail).toContain(word);
  }

  describe('a provider that has had too much', () => {
    it.each([
      ['seconds', 1_000],
      ['date', 500],
      ['milliseconds', 300],
    ] as const)('is given the time that it asks for in %s', async (model, ms) => {
      expectWhole(await ask(`again/${model}`), 'a1 a2 a3 ', `again/${model}`);
      const [first, second, ...more] = provider.calls(model);
      expect(more).toEqual([]);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(ms - 1);
    });

    it('is not asked again when it wants more time than there is', async () => {
      expectFailed(await ask('again/too-long'), BUSY, 'provider.rate_limited', ['HTTP 429', 'again/too-long']);
      expect(provider.calls('too-long')).toHaveLength(1);
    });
  });

  it('a provider that fails twice answers at the third try, and nobody sees the others', async () => {
    const asked = await ask('again/broken-twice');
    expectWhole(asked, 'a1 a2 a3 ', 'again/broken-twice');
    expect(deltasOf(asked.answer.events)).toEqual(tokens('a', 3));
    expect(provider.calls('broken-twice')).toHaveLength(3);
  });

  describe('an answer without a word', () => {
    it('is asked for again, and nobody sees the others', async () => {
      const asked = await ask('again/empty-twice');
      expectWhole(asked, 'a1 a2 a3 ', 'again/empty-twice');
      expect(deltasOf(asked.answer.events)).toEqual(tokens('a', 3));
      expect(provider.calls('empty-twice')).toHaveLength(3);
    });

    it('is given by the next model where there is one, and the thoughts before it are taken back', async () => {
      const asked = await ask('thoughtful');
      expectWhole(asked, 'second1 second2 second3 ', 'once/speaks');
      expect(asked.answer.events.filter(({ type }) => type === 'thread.item.removed')).toHaveLength(1);
      expect([provider.calls('only-thinks').length, provider.calls('speaks').length]).toEqual([1, 1]);
    });

    it('is a failure where there is none', async () => {
      const words = ['the model finished (stop) without any text', 'once/only-thinks'];
      expectFailed(await ask('once/only-thinks'), UNFORESEEN, 'provider.empty_response', words);
      expect(provider.calls('speaks')).toHaveLength(1);
    });
  });

  describe('a provider that is down', () => {
    it('is not called any more after some failures', async () => {
      for (let failure = 1; failure <= 2; failure++) {
        expectFailed(await ask('down'), UNFORESEEN, 'provider.unavailable', ['HTTP 503']);
      }
      const words = ['not asked: the circuit breaker is open after 2 failures', 'HTTP 503', 'once/is-down'];
      const message = expect.stringMatching(
        /^This model does not answer at the moment. It is asked again in (600|59\d) seconds: please try again then.$/,
      ) as string;
      for (let refusal = 1; refusal <= 2; refusal++) {
        const told = { code: 'custom', message, allow_retry: true };
        expectFailed(await ask('down'), told, 'provider.circuit_open', words);
      }
      expect(provider.calls('is-down')).toHaveLength(2);
    });

    it('is named by the health of the server', async () => {
      const told = await until('the breaker is told', 15_000, async () => {
        const response = await fetch(`${relay.url}/health/ready?deep=1`);
        const body = (await response.json()) as {
          status: string;
          providers: { id: string; openBreakers?: object[] }[];
        };
        const { openBreakers } = body.providers.find(({ id }) => id === 'once') ?? {};
        return openBreakers && { http: response.status, status: body.status, openBreakers };
      });
      const openUntil = expect.stringMatching(/^20\d\d-\d\d-\d\dT/) as string;
      expect(told).toEqual({ http: 200, status: 'degraded', openBreakers: [{ model: 'is-down', openUntil }] });
    });

    it('is tried by one call after a while, and answers as before when that does well', async () => {
      await ask('back');
      await ask('back');
      const asked = await until('an answer', 30_000, async () => {
        const one = await ask('back');
        return one.run.state === 'completed' && one;
      });
      expectWhole(asked, 'a1 a2 a3 ', 'once/comes-back');
      expect(provider.calls('comes-back')).toHaveLength(3);
      expectWhole(await ask('back'), 'a1 a2 a3 ', 'once/comes-back');
      expect(provider.calls('comes-back')).toHaveLength(4);
    });
  });

  describe('a provider that dies after 40 of 60 tokens', () => {
    it('is replaced: the beginning is taken back, and a whole answer comes in its place', async () => {
      const asked = await ask('replaced');
      const whole = tokens('second', 60);
      expectWhole(asked, whole.join(''), 'once/whole');
      const { events } = asked.answer;
      expect(deltasOf(events)).toEqual([...tokens('first', 40), ...whole]);
      const added = events.flatMap((event) =>
        event.type === 'thread.item.added' ? [(event['item'] as WireItem).id] : [],
      );
      const removed = events.filter(({ type }) => type === 'thread.item.removed').map((event) => event['item_id']);
      expect(removed).toEqual(added.slice(0, 1));
      expect(doneItems(events, 'assistant_message').map(({ id }) => id)).toEqual(added.slice(1));
      expect([provider.calls('dies').length, provider.calls('whole').length]).toEqual([1, 1]);
    });

    it('ends the turn where the name says so, in an error that may be tried again', async () => {
      const asked = await ask('failed');
      expectFailed(asked, UNFORESEEN, 'provider.stream_truncated', ['once/dies-too']);
      expect(deltasOf(asked.answer.events)).toEqual(tokens('first', 40));
      expect(asked.stored).toEqual([]);
      expect([provider.calls('dies-too').length, provider.calls('never-asked').length]).toEqual([1, 0]);
    });
  });

  it('a chain of which all fail names the last error of each', async () => {
    const words = ['once/down-a: unavailable (HTTP 500', 'once/down-b: overloaded (HTTP 529'];
    expectFailed(await ask('doomed'), UNFORESEEN, 'provider.all_failed', words);
    expect([provider.calls('down-a').length, provider.calls('down-b').length]).toEqual([1, 1]);
  });

  it.each([
    ['slow', 'first_token', 'within 300 ms'],
    ['stalls', 'idle', 'within 300 ms'],
    ['endless', 'total', 'within 700 ms'],
  ])('a provider that is late (%s) is hung up on, and the run says in which phase', async (model, phase, limit) => {
    expectFailed(await ask(model), LATE, 'provider.timeout', [`phase ${phase}`, limit, `once/${model}`]);
    expect(await Promise.all(provider.calls(model).map(({ hungUp }) => hungUp))).toEqual([true]);
  });

  it('a key that is refused is replaced by the next one and rests, and no log has any of them', async () => {
    expectWhole(await ask('keyed/keys'), 'a1 a2 a3 ', 'keyed/keys');
    expectWhole(await ask('keyed/keys'), 'a1 a2 a3 ', 'keyed/keys');
    expect(provider.calls('keys').map(({ key }) => key)).toEqual([KEYS[0], KEYS[1], KEYS[1]]);
    const hash = createHash('sha256').update(String(KEYS[0])).digest('hex').slice(0, 12);
    const log = await until('the line of the log', 10_000, async () => {
      const output = relay.workers.map((worker) => worker.output()).join('');
      return output.includes(hash) && output;
    });
    for (const key of KEYS) expect(log).not.toContain(key);
  });
});
