import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMessage, createThread, deltasOf, doneItems, post, textOf, threadIdOf, until } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { freePort } from '../../tools/engines/free-port.js';
import { useRelay } from '../support/relay.js';

/** A Redis that this test may kill. */
async function startRedis(port: number): Promise<ChildProcess> {
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const redis = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of redis.stdout) if (String(line).includes('Ready to accept connections')) break;
  redis.stdout.resume();
  return redis;
}

/** Not the suite's Redis: this one is killed, so it must be startable here. */
const hasServer = engineKinds.includes('redis') && spawnSync('redis-server', ['--version']).status === 0;

describe.runIf(hasServer)('Redis dies (skipped where there is no redis-server)', () => {
  let port: number;
  let redis: ChildProcess;
  beforeAll(async () => {
    port = await freePort();
    redis = await startRedis(port);
  });
  afterAll(() => void redis.kill('SIGKILL'));
  const relay = useRelay('redis', () => ({ variables: { REDIS_URL: `redis://127.0.0.1:${port}` } }));

  it('in mid-answer: the answer still reaches Postgres, and the connected client', async () => {
    let killed = false;
    const answer = await post(relay.url, createThread('Count (tokens=30) (delay=100)'), {
      onEvents: (events) => {
        if (killed || deltasOf(events).length < 5) return;
        killed = true;
        redis.kill('SIGKILL');
      },
    });
    expect(answer.complete).toBe(true);
    const [item, ...others] = doneItems(answer.events, 'assistant_message');
    expect(others).toEqual([]);
    expect(textOf(item).trim().split(' ')).toHaveLength(30);
    const [run] = await relay.query(`SELECT state, attempt FROM runs WHERE thread_id = $1`, [threadIdOf(answer)]);
    expect(run).toEqual({ state: 'completed', attempt: 1 });
  });

  it('while it is away a message is refused, with nothing stored', async () => {
    const count = async () => (await relay.query(`SELECT count(*) FROM runs`))[0];
    const before = await count();
    const answer = await post(relay.url, createThread('Hello?'));
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect(await count()).toEqual(before);
    const ready = await fetch(`${relay.url}/health/ready`);
    expect(ready.status).toBe(503);
  });

  it('when it is back everything goes on by itself', async () => {
    redis = await startRedis(port);
    await until('the API is ready again', 15_000, async () => (await fetch(`${relay.url}/health/ready`)).ok);
    const first = await post(relay.url, createThread('Again (tokens=3)'));
    expect(deltasOf(first.events)).toHaveLength(3);
    const second = await post(relay.url, addMessage(threadIdOf(first), 'And again (tokens=4)'));
    expect(deltasOf(second.events)).toHaveLength(4);
  });
});
