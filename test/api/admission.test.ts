import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  createThread,
  deltasOf,
  eventsIn,
  post,
  type PostOptions,
  until,
  type WireEvent,
} from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';
import { call } from './support/run-routes.js';

const CONFIG = fileURLToPath(new URL('admission.config.yaml', import.meta.url));
const SHORT = 'openai/fake;tokens=3';
/** Longer than any test; a test closes its connection. */
const ENDLESS = 'openai/fake;tokens=3000;delay=100';

const linesOf = (events: readonly WireEvent[]) =>
  events.filter(({ type }) => type === 'progress_update').map((event) => event['text']);
const codeOf = ({ raw }: Answer): unknown => (JSON.parse(raw) as { error: { code: string } }).error.code;

describe.each(oneEngine('redis'))('under load, on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider, apis: 2, variables: { CHATKIT_CONFIG: CONFIG } });

  const ask = (user: string, model: string, options: PostOptions = {}) =>
    post(String(relay.apis[1]?.ready['url']), createThread('Hello', { model }), { user, ...options });

  /** A turn that goes on until it is closed; the server may be full for a moment, after another test. */
  async function busy(user: string): Promise<{ close: () => Promise<unknown> }> {
    for (;;) {
      let begun: ((close: () => void) => void) | undefined;
      const opened = new Promise<() => void>((resolve) => (begun = resolve));
      const answer = ask(user, ENDLESS, {
        onEvents: (events, request) => void (deltasOf(events).length > 0 && begun?.(() => request.destroy())),
      });
      const destroy = await Promise.race([opened, answer.then(() => undefined)]);
      if (destroy) return { close: () => (destroy(), answer) };
    }
  }

  const rows = () =>
    relay.query(`SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM threads) AS threads,
                        (SELECT count(*) FROM items WHERE type = 'user_message') AS messages`);
  const queued = async (owner: string): Promise<number> =>
    (await relay.query(`SELECT 1 FROM runs WHERE owner_id = $1 AND state = 'queued'`, [owner])).length;

  it('a run that waits for its user’s other one is told its place, and answers when its turn comes', async () => {
    const first = await busy('ada');
    const seen: (readonly WireEvent[])[] = [];
    const waiting = [0, 1].map(async (n) => {
      await until('the one before is queued', 20_000, async () => (await queued('ada')) === n);
      const headers: Record<string, string> = n === 0 ? {} : { 'accept-language': 'de-CH, en;q=0.5' };
      return ask('ada', SHORT, { headers, onEvents: (events) => void (seen[n] = events) });
    });
    await until('both are told', 20_000, async () => [0, 1].every((n) => linesOf(seen[n] ?? []).length > 0));
    expect([linesOf(seen[0] ?? [])[0], linesOf(seen[1] ?? [])[0]]).toEqual([
      'You are number 1 in line.',
      'Sie sind an Stelle 2 der Warteschlange.',
    ]);
    await first.close();
    for (const answer of await Promise.all(waiting)) {
      expect(deltasOf(answer.events)).toHaveLength(3);
      const types = answer.events.map(({ type }) => type);
      expect(types.lastIndexOf('progress_update')).toBeLessThan(types.indexOf('thread.item.added'));
    }
    const logged = await relay.query(
      `SELECT 1 FROM items WHERE payload::text LIKE '%in line%' OR payload::text LIKE '%Warteschlange%'`,
    );
    expect(logged).toEqual([]);
  });

  it('a reader that follows a waiting run, after a reload or in another tab, is told its place as well', async () => {
    const first = await busy('ida');
    const waiting = ask('ida', SHORT);
    await until('it waits', 20_000, async () => (await queued('ida')) === 1);
    const [run] = await relay.query<{ id: string }>(`SELECT id FROM runs WHERE owner_id = 'ida' AND state = 'queued'`);
    const headers = { 'accept-language': 'fr' };
    const followed = await call(relay.url, `/runs/${run?.id}/events`, { user: 'ida', headers });
    const reader = (followed.body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    let raw = '';
    const read = async (): Promise<boolean> => {
      const { done, value = '' } = await reader.read();
      raw += value;
      return done;
    };
    while (!raw.includes('position 1 dans la file') && !(await read()));
    expect(linesOf(eventsIn(raw))).toEqual(['Vous êtes en position 1 dans la file d’attente.']);
    await first.close();
    while (!(await read()));
    expect(deltasOf(eventsIn(raw))).toHaveLength(3);
    expect(deltasOf((await waiting).events)).toHaveLength(3);
  });

  it('one too many is refused with Retry-After and leaves nothing; another user is served at once', async () => {
    const first = await busy('eve');
    const waiting = [0, 1, 2].map(() => ask('eve', SHORT));
    await until('three wait', 20_000, async () => (await queued('eve')) === 3);
    const before = await rows();
    const refused = await ask('eve', SHORT);
    expect([refused.status, codeOf(refused), refused.headers['retry-after']]).toEqual([429, 'limit.user', '5']);
    expect(await rows()).toEqual(before);
    expect(deltasOf((await ask('bob', SHORT)).events)).toHaveLength(3);

    const other = await busy('bob');
    const last = ask('bob', SHORT);
    await until('four wait', 20_000, async () => (await queued('bob')) === 1);
    const full = await rows();
    const turnedAway = await ask('joe', SHORT);
    expect([turnedAway.status, codeOf(turnedAway), turnedAway.headers['retry-after']]).toEqual([
      503,
      'limit.server',
      '2',
    ]);
    expect(await rows()).toEqual(full);
    await Promise.all([first.close(), other.close()]);
    for (const answer of await Promise.all([...waiting, last])) expect(deltasOf(answer.events)).toHaveLength(3);
  });

  it('a run that nobody takes in time ends in words that can be tried again, and is stored so', async () => {
    const first = await busy('kim');
    const answer = await ask('kim', SHORT);
    expect(answer.events.at(-1)).toEqual({
      type: 'error',
      code: 'custom',
      message: 'The server was too busy to answer in time. Please try again.',
      allow_retry: true,
    });
    const [run] = await relay.query('SELECT state, error_code FROM runs WHERE id = $1', [
      answer.headers['chatkit-run-id'],
    ]);
    expect(run).toEqual({ state: 'failed', error_code: 'run.queue_timeout' });
    await first.close();
  }, 120_000);
});
