import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pdfOf } from '#media/testing';
import { highestMegabytes } from '../../api/support/watched.js';
import { type Answer, deltasOf, input, post, until } from '../../support/chat.js';
import { duringSuite } from '../../support/during-suite.js';
import { MetricSamples } from '../../support/metric-samples.js';
import { USER_HEADER, useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { startSlowProvider } from './slow-provider.js';

const MB = 1024 * 1024;
const FILE_MB = 9;
const FILES = 2;
/** docs/limits.md: what a worker holds, and what it grows by beside that while it reads. */
const BUDGET_MB = 256;
const GROWTH_MB = 512;
/** Far above what a busy machine needs: what waits for this long waits for ever. */
const PATIENCE = 60_000;

const provider = duringSuite(startSlowProvider, (server) => server.close());
const folder = temporaryFolder('attachment-memory-');
const relay = useRelay('redis', () => ({
  variables: {
    CHATKIT_CONFIG: new URL('config.yaml', import.meta.url).pathname,
    PROVIDER_URL: provider.url,
    DATA_DIR: folder,
    WORKER_HEALTH_PORT: '0',
  },
}));

/** The ids of each user's files. */
const files = new Map<string, readonly string[]>();

async function upload(user: string, bytes: Buffer): Promise<string> {
  const headers = { [USER_HEADER]: user, 'content-type': 'application/pdf' };
  const response = await fetch(`${relay.url}/files`, { method: 'POST', headers, body: new Uint8Array(bytes) });
  expect(response.status).toBe(200);
  return ((await response.json()) as { id: string }).id;
}

const say = (user: string, model: string, attachments: readonly string[] = []): Promise<Answer> =>
  post(relay.url, { type: 'threads.create', params: { input: { ...input(user, { model }), attachments } } }, { user });
const saySeveral = (count: number, user: string, model: string): Promise<Answer>[] =>
  Array.from({ length: count }, () => say(user, model, files.get(user)));

const saidIn = ({ events }: Answer): string => deltasOf(events).join('');
const worker = () => relay.workers[0]?.pid ?? 0;

async function budget(): Promise<{ readonly heldMb: number; readonly mostMb: number }> {
  const scraped = await fetch(`${String(relay.workers[0]?.ready['healthUrl'])}/metrics`);
  const samples = new MetricSamples([await scraped.text()]);
  const [held, most] = ['chatkit_relay_attachment_bytes', 'chatkit_relay_attachment_bytes_max'];
  return { heldMb: samples.sum(held) / MB, mostMb: samples.sum(most) / MB };
}

/** Looks at the budget again and again until `work` is over, and returns the most that was held. */
async function mostHeldDuring(work: Promise<unknown>): Promise<number> {
  const over = new AbortController();
  let most = 0;
  const done = work.finally(() => over.abort());
  while (!over.signal.aborted) {
    most = Math.max(most, (await budget()).heldMb);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await done;
  return most;
}

const unread = (count: number) =>
  until(`${count} requests of which nothing is read`, PATIENCE, async () => provider.unread.length >= count);

describe('a worker whose turns have more files than it may hold', () => {
  beforeAll(async () => {
    const large = pdfOf(['Opening hours'], FILE_MB * MB);
    for (const user of ['eve', 'carl', 'dora']) {
      files.set(user, await Promise.all(Array.from({ length: FILES }, () => upload(user, large))));
    }
    files.set('bob', [await upload('bob', pdfOf(['A note']))]);
  }, 60_000);
  afterEach(() => provider.read(false));

  it('streams them: hundreds of megabytes are under way, and none of them is in memory', async () => {
    const before = highestMegabytes(worker());
    // A user has ten active runs at most.
    const turns = ['eve', 'carl', 'dora'].flatMap((user) => saySeveral(8, user, 'openrouter/m'));
    const held = await mostHeldDuring(unread(turns.length));
    const underWay = provider.unread.reduce((sum, { bytes }) => sum + bytes, 0) / MB;
    expect(underWay).toBeGreaterThan(BUDGET_MB + GROWTH_MB / 2);
    expect(held).toBeLessThanOrEqual(BUDGET_MB);
    expect((await budget()).heldMb).toBe(0);
    expect(saidIn(await say('bob', 'openrouter/m', files.get('bob')))).toBe('Seen.');
    provider.read(true);
    for (const answer of await Promise.all(turns)) expect(saidIn(answer)).toBe('Seen.');
    expect(highestMegabytes(worker()) - before).toBeLessThan(GROWTH_MB);
  }, 120_000);

  it('holds no more than its budget where files must be held, and one user’s keep nobody else waiting', async () => {
    const before = highestMegabytes(worker());
    const ofEve = saySeveral(10, 'eve', 'whole/m');
    await unread(1);
    const [large] = saySeveral(1, 'carl', 'whole/m');
    const held = await mostHeldDuring(unread(2));
    expect(provider.unread.map(({ asked }) => asked)).toEqual(['eve', 'carl']);
    const { heldMb, mostMb } = await budget();
    expect([mostMb, heldMb > FILES * FILE_MB, Math.max(held, heldMb) <= BUDGET_MB]).toEqual([BUDGET_MB, true, true]);

    expect(saidIn(await say('bob', 'whole/m'))).toBe('Seen.');
    expect(saidIn(await say('bob', 'whole/m', files.get('bob')))).toBe('Seen.');
    expect(provider.unread).toHaveLength(2);

    // Whoever comes now has to wait for a place, though not for all of those who came before.
    const [late] = saySeveral(1, 'dora', 'whole/m');
    const working = "SELECT 1 FROM runs WHERE owner_id = 'dora' AND state = 'working'";
    await until('the late turn is in line', PATIENCE, async () => (await relay.query(working)).length > 0);
    const order: string[] = [];
    const inOrder = (async () => {
      while (order.length < ofEve.length + 2) {
        await unread(1);
        const next = provider.unread.shift();
        order.push(next?.asked ?? '');
        next?.answer();
      }
    })();
    expect(await mostHeldDuring(inOrder)).toBeLessThanOrEqual(BUDGET_MB);
    for (const answer of await Promise.all([...ofEve, large, late])) expect(answer && saidIn(answer)).toBe('Seen.');
    expect(order.indexOf('dora')).toBeLessThan(ofEve.length / 2);
    expect(highestMegabytes(worker()) - before).toBeLessThan(BUDGET_MB + GROWTH_MB);
  }, 120_000);
});
