import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRequest } from '#chatkit';
import { createThread, listItems, post, postJson, threadIdOf, until, type WireItem } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useRelay } from '../support/relay.js';
import { type Known, SHORT, validBody } from './bodies.js';
import { type Client, openClient } from './client.js';
import { mutated } from './mutate.js';
import { Random } from './random.js';

const REQUESTS = 50_000;
const BATCH = 5_000;
const THREADS = 60;
const MAX_PASSES = 10;
/** Refusals that another time may be none: a turn was open, there was too much to do. */
const UNTIMELY = new Set([409, 429, 503]);
const USER = 'ada';
const WITHIN_MS = 240_000;

// oxlint-disable-next-line node/no-process-env -- to repeat a run, and to run longer by hand
const { FUZZ_SEED, FUZZ_REQUESTS } = process.env;
const seed = Number(FUZZ_SEED || Math.floor(Math.random() * 2 ** 31));
const requests = Number(FUZZ_REQUESTS || REQUESTS);

type Rows = Readonly<Record<string, number>>;

const relay = useRelay(engineKinds[0] ?? 'postgres');
let client: Client;
let known: Known;
beforeAll(async () => {
  client = openClient(relay.url, USER);
  known = await seedThreads();
});
afterAll(() => {
  client?.close();
});

it(
  `${requests} mutated requests (FUZZ_SEED=${seed}): refused in good order, and nothing is left of them`,
  async () => {
    const bodies = bodiesFor(new Random(seed));
    const hopeless = bodies.filter((body) => !isRead(body));
    const readable = bodies.filter(isRead);
    const tally = new Map<number, number>();

    for (const batch of batchesOf(hopeless)) await refuseAll(batch, tally);

    const statuses = count(await client.postAll(readable), readable, tally);
    await settled();
    const isUntimely = (i: number): boolean => UNTIMELY.has(statuses[i] ?? 0);
    const untimely = await refusedForGood(readable.filter((_, i) => isUntimely(i)));
    const refused = [...readable.filter((_, i) => statuses[i] !== 200 && !isUntimely(i)), ...untimely];
    const before = await rows();
    const again = count(await client.postAll(refused), refused, new Map());
    expect(refused.filter((_, i) => again[i] === 200).map(shown)).toEqual([]);
    expect(await rows()).toEqual(before);

    console.log(`FUZZ_SEED=${seed}:`, Object.fromEntries([...tally].toSorted(([a], [b]) => a - b)));
    await expectHealth();
    // The run means nothing when everything is refused at the door, or when nothing is.
    expect(tally.get(200)).toBeGreaterThan(requests / 100);
    expect(tally.get(400)).toBeGreaterThan(requests / 4);
  },
  WITHIN_MS,
);

async function seedThreads(): Promise<Known> {
  const created = await Promise.all(
    Array.from({ length: THREADS }, () => post(relay.url, createThread(`Hello ${SHORT}`), { user: USER })),
  );
  const threads = created.map(threadIdOf);
  const pages = await Promise.all(
    threads.map((id) => postJson<{ data: WireItem[] }>(relay.url, listItems(id), { user: USER })),
  );
  const items = pages.flatMap(({ data }) => data.map(({ id }) => id));
  return { threads: threads as [string, ...string[]], items: items as [string, ...string[]] };
}

const bodiesFor = (random: Random): Buffer[] =>
  Array.from({ length: requests }, () => mutated(random, validBody(random, known)));

/** Whether the protocol allows the body, whatever the server then makes of it. */
function isRead(body: Buffer): boolean {
  try {
    return parseRequest(JSON.parse(body.toString())).ok;
  } catch {
    return false;
  }
}

function batchesOf(bodies: readonly Buffer[]): Buffer[][] {
  const starts = Array.from({ length: Math.ceil(bodies.length / BATCH) }, (_, i) => i * BATCH);
  return starts.map((start) => bodies.slice(start, start + BATCH));
}

/** Posts what no server can read: each is a 400, and no row comes of it. */
async function refuseAll(batch: readonly Buffer[], tally: Map<number, number>): Promise<void> {
  const before = await rows();
  const statuses = count(await client.postAll(batch), batch, tally);
  const others = batch.flatMap((body, i) => (statuses[i] === 400 ? [] : [`${statuses[i]}: ${shown(body)}`]));
  expect(others.slice(0, 10)).toEqual([]);
  expect(await rows()).toEqual(before);
}

/** Posts what was refused as untimely until nothing of it is accepted any more. @returns what is left of it */
async function refusedForGood(untimely: readonly Buffer[]): Promise<Buffer[]> {
  let left = [...untimely];
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const statuses = count(await client.postAll(left), left, new Map());
    await settled();
    const still = left.filter((_, i) => statuses[i] !== 200);
    if (still.length === left.length) return left;
    left = still;
  }
  throw new Error('what was untimely is accepted again and again');
}

/** Counts statuses; no answer, and a failure of the server's own, are wrong for every request. */
function count(statuses: number[], bodies: readonly Buffer[], tally: Map<number, number>): number[] {
  for (const status of statuses) tally.set(status, (tally.get(status) ?? 0) + 1);
  const failed = bodies.flatMap((body, i) => (isFailure(statuses[i]) ? [`${statuses[i]}: ${shown(body)}`] : []));
  expect(failed.slice(0, 10)).toEqual([]);
  return statuses;
}

const isFailure = (status = 0): boolean => status === 0 || (status >= 500 && status !== 501 && status !== 503);

const shown = (body: Buffer): string => JSON.stringify(body.toString().slice(0, 600));

/** Rows of each table. */
async function rows(): Promise<Rows> {
  const tables = await relay.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'bullmq')`,
  );
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await relay.query<{ count: string }>(`SELECT count(*) FROM ${name}`);
      return [name, Number(row?.count)] as const;
    }),
  );
  return Object.fromEntries(counts);
}

/** Waits until no run is open any more. */
async function settled(): Promise<void> {
  await until('every run settles', 60_000, async () => {
    const [row] = await relay.query<{ open: string }>(
      `SELECT count(*) AS open FROM runs WHERE state IN ('queued', 'working')`,
    );
    return row?.open === '0';
  });
}

async function expectHealth(): Promise<void> {
  const answer = await post(relay.url, createThread(`Still there? ${SHORT}`), { user: USER });
  expect(answer.status).toBe(200);
  for (const app of [...relay.apis, ...relay.workers]) {
    expect([app.child.exitCode, app.child.signalCode]).toEqual([null, null]);
    expect(app.output()).not.toMatch(/unhandled|uncaught|"level":60/i);
  }
}
