import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, createThread, doneItems, post, until } from '../../support/chat.js';
import { type Arrival, startCountingProvider } from './support/counting-provider.js';
import { duringSuite } from '../../support/during-suite.js';
import { oneEngine } from '../../support/one-engine.js';
import { useRelay } from '../../support/relay.js';

const CONFIG = new URL('limits.config.yaml', import.meta.url).pathname;
/** As the config file has them. */
const LIMITS = { requestsPerSecond: 20, tokensPerSecond: 1_000, concurrency: 8, held: 4 };
const SECONDS = 20;
const TURNS = 12;

/** What each turn asks for; together always far more than there is. The estimates of `weighed` are too low, and too high. */
const CALLERS = [
  { model: 'paced', count: 5 },
  { model: 'weighed', count: 1 },
  { model: 'weighed', count: 1, words: 'as many words as it takes '.repeat(23) },
  { model: 'narrow', count: 2 },
];

/** The slope of a line through what has come by and by, in units a second, from so many seconds after the first on. */
function rateOf(arrivals: readonly Arrival[], fromSecond: number, sizeOf: (arrival: Arrival) => number) {
  const start = arrivals[0]?.at ?? 0;
  let sum = 0;
  const points = arrivals
    .map((arrival) => ({ x: (arrival.at - start) / 1_000, y: (sum += sizeOf(arrival)) }))
    .filter(({ x }) => x >= fromSecond && x <= SECONDS - 1);
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((total, point) => total + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const perSecond = mean(({ x, y }) => (x - meanX) * (y - meanY)) / mean(({ x }) => (x - meanX) ** 2);
  return { perSecond, seconds: (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0), count: points.length };
}

/** Within 5 %. */
function expectNear(rate: number, limit: number): void {
  expect(rate).toBeGreaterThan(limit * 0.95);
  expect(rate).toBeLessThan(limit * 1.05);
}

describe.each(oneEngine('redis'))('three workers under load on the %s engine', (engine) => {
  let letGo: () => void;
  const holdsMs = new Promise<void>((resolve) => (letGo = resolve));
  const provider = duringSuite(
    () =>
      startCountingProvider({
        paced: {},
        weighed: { tokens: [40, 160] },
        narrow: { holdsMs: 500 },
        held: { holdsMs },
      }),
    (counting) => counting.close(),
  );
  const relay = useRelay(engine, () => ({
    workers: 4,
    variables: { CHATKIT_CONFIG: CONFIG, TEST_URL: provider.url, WORKER_CONCURRENCY: '5' },
  }));
  /** All turns that were asked for. */
  const turns: Promise<Answer>[] = [];
  let pids: readonly number[];

  const ask = (seconds: number, callers: readonly object[]): void =>
    void turns.push(post(relay.url, createThread(JSON.stringify({ seconds, callers })), { query: '?assistant=load' }));
  const hold = (): void => ask(0, [{ model: 'held', count: LIMITS.held }]);
  const allHeld = (within: number) =>
    until('all places are taken', within, async () => provider.counter('held').open === LIMITS.held);

  /** A fourth worker takes all places of a model and is killed; then the others get their load. */
  beforeAll(async () => {
    hold();
    await allHeld(30_000);
    const holder = relay.workers.find(({ pid }) => pid === provider.counter('held').arrivals[0]?.pid);
    await holder?.kill('SIGKILL');
    pids = relay.workers.flatMap(({ pid }) => (pid === holder?.pid ? [] : pid));
    hold();
    for (let turn = 1; turn <= TURNS; turn++) ask(SECONDS, CALLERS);
    await until('the load has begun', 30_000, async () => provider.counter('paced').arrivals.length > 0);
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
  }, 120_000);
  afterAll(() => letGo());

  it.each(['paced', 'weighed', 'narrow'])('all of them call %s', (model) => {
    const callers = new Set(provider.counter(model).arrivals.map(({ pid }) => pid));
    expect([...callers].toSorted()).toEqual([...pids].toSorted());
    expect(pids).toHaveLength(3);
  });

  it('make as many requests as may be made, and no more', () => {
    const { perSecond, seconds, count } = rateOf(provider.counter('paced').arrivals, 1, () => 1);
    expect(seconds).toBeGreaterThan(15);
    expect(count).toBeGreaterThan(300);
    expectNear(perSecond, LIMITS.requestsPerSecond);
  });

  it('use as many tokens as may be used, by what answers have come to and not by what was expected', () => {
    const { perSecond, seconds } = rateOf(provider.counter('weighed').arrivals, 3, ({ tokens }) => tokens);
    expect(seconds).toBeGreaterThan(15);
    expectNear(perSecond, LIMITS.tokensPerSecond);
  });

  it('have as many calls open as may be open, never more and seldom less', () => {
    const counter = provider.counter('narrow');
    const start = counter.arrivals[0]?.at ?? 0;
    expect(counter.mostOpen).toBe(LIMITS.concurrency);
    expect(counter.meanOpen(start + 1_000, start + (SECONDS - 1) * 1_000)).toBeGreaterThan(LIMITS.concurrency * 0.6);
  });

  it('get all the places of a worker that was killed, after a while', async () => {
    await allHeld(90_000);
    expect(provider.counter('held').mostOpen).toBe(LIMITS.held);
    expect(
      provider
        .counter('held')
        .arrivals.slice(LIMITS.held)
        .map(({ pid }) => pid),
    ).not.toContain(provider.counter('held').arrivals[0]?.pid);
    letGo();
    const answers = await Promise.all(turns);
    expect(answers.map(({ events }) => doneItems(events, 'assistant_message').length)).toEqual(turns.map(() => 1));
    // The killed turn was taken up by another worker.
    expect(provider.counter('held').arrivals).toHaveLength(3 * LIMITS.held);
  }, 120_000);
});
