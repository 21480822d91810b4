import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  ask,
  connection,
  modelAt,
  type Protocol,
  PROTOCOLS,
  stuck,
  useTalkServers,
} from '../../../../../../test/support/talk-provider.js';
import { type Asked, plainHello } from '../../../../../../test/support/talk-server.js';
import { noAbort, say } from '../../../testing/prompts.js';

const serve = useTalkServers();
/** Generous: the machine may be busy. */
const PATIENT = { timeout: 10_000 };

async function stopped(protocol: Protocol, more: object = {}) {
  const server = await serve(protocol, { answer: stuck(protocol) });
  const model = modelAt(protocol, server, more);
  const stop = new AbortController();
  const reason = new Error('enough');
  const listen = async () => {
    for await (const part of model.stream(say('hang'), stop.signal)) {
      if (part.type === 'text-delta') setImmediate(() => stop.abort(reason));
    }
  };
  await expect(listen()).rejects.toBe(reason);
  return { server, model };
}

/** To `hang`: says one thing, and the rest when a message to stop has long come. */
function late(asked: Asked): void {
  if (!asked.text.includes('hang')) return void plainHello(asked);
  asked.send({ delta: 'Hello' });
  setTimeout(() => {
    asked.send({ delta: ' late' });
    asked.send({ end: true });
  }, 20);
}

describe('who stops', () => {
  it('says so on a connection that others use', async () => {
    const { server, model } = await stopped('talk');
    await expect.poll(() => server.cancelled, PATIENT).toEqual([server.asked[0]?.id]);
    expect((await ask(model)).text).toBe('Hello wörld');
    expect(server.handshakes).toHaveLength(1);
  });

  it('closes a connection of its own', async () => {
    const { server } = await stopped('plain');
    await expect.poll(server.open, PATIENT).toBe(0);
  });

  it('leaves a shared connection to the others where one cannot say so', async () => {
    const server = await serve('talk', { answer: stuck('talk') });
    const model = modelAt('talk', server, { cancel: undefined });
    const stop = new AbortController();
    const other = model.stream(say('hang'), noAbort())[Symbol.asyncIterator]();
    await other.next();
    const answer = ask(model, 'hang', stop.signal);
    await expect.poll(() => server.asked.length, PATIENT).toBe(2);
    stop.abort();
    await answer.catch(() => undefined);
    server.asked[0]?.send({ type: 'token', text: ' you' });
    await other.next();
    expect((await other.next()).value).toMatchObject({ type: 'text-delta', text: ' you' });
    expect(server.open()).toBe(1);
    await other.return?.();
    await expect.poll(server.open, PATIENT).toBe(0);
  });

  it.each(PROTOCOLS)('has done so when the abort returns: %s', async (protocol) => {
    const server = await serve(protocol, { answer: stuck(protocol) });
    const stop = new AbortController();
    const answer = ask(modelAt(protocol, server), 'hang', stop.signal);
    answer.catch(() => undefined);
    await expect.poll(() => server.asked.length, PATIENT).toBe(1);
    const send = vi.spyOn(WebSocket.prototype, 'send');
    const terminate = vi.spyOn(WebSocket.prototype, 'terminate');
    stop.abort(new Error('enough'));
    const done = protocol === 'talk' ? send.mock.calls.map(([message]) => JSON.parse(String(message)).type) : [];
    const calls = terminate.mock.calls.length;
    vi.restoreAllMocks();
    expect([done, calls]).toEqual(protocol === 'talk' ? [['cancel'], 0] : [[], 1]);
    await expect(answer).rejects.toThrow('enough');
  });

  it('hears nothing more of the answer in the next one on the same connection', async () => {
    const server = await serve('plain', { answer: late, lenient: true });
    const model = modelAt('plain', server, { cancel: { stop: true }, ...connection('plain', { max: 1 }) });
    for await (const part of model.stream(say('hang'), noAbort())) if (part.type === 'text-delta') break;
    expect((await ask(model)).text).toBe('Hello wörld');
    expect(server.handshakes).toHaveLength(1);
  });
});
