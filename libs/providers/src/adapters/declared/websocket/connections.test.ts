import { describe, expect, it } from 'vitest';
import {
  ask,
  connection,
  modelAt,
  PROTOCOLS,
  stuck,
  useTalkServers,
} from '../../../../../../test/support/talk-provider.js';
import { type Asked, hello } from '../../../../../../test/support/talk-server.js';
import { noAbort, say } from '../../../testing/prompts.js';
import { failureOf } from '../../../testing/failure-of.js';

const serve = useTalkServers();
/** Generous: the machine may be busy. */
const PATIENT = { timeout: 10_000 };

/** Says the question word by word, in turns with all others. */
async function echo({ text, send }: Asked) {
  for (const word of text.split(' ')) {
    send({ type: 'token', text: `${word} ` });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  send({ type: 'done' });
}

describe('answers at once', () => {
  it('are kept apart on one connection', async () => {
    const server = await serve('talk', { answer: echo });
    const model = modelAt('talk', server);
    const questions = Array.from({ length: 20 }, (_, index) => `this is question number ${index} of many`);
    const answers = await Promise.all(questions.map((question) => ask(model, question)));
    expect(answers.map(({ text }) => text.trim())).toEqual(questions);
    expect(server.handshakes).toHaveLength(1);
  });

  it('have a connection each from the pool, and wait for one when there are no more', async () => {
    let most = 0;
    let now = 0;
    const server = await serve('plain', {
      async answer({ text, send }) {
        most = Math.max(most, ++now);
        send({ delta: text });
        await new Promise((resolve) => setTimeout(resolve, 5));
        now -= 1;
        send({ end: true });
      },
    });
    const model = modelAt('plain', server, connection('plain', { max: 3 }));
    const questions = Array.from({ length: 12 }, (_, index) => `question ${index}`);
    const answers = await Promise.all(questions.map((question) => ask(model, question)));
    expect(answers.map(({ text }, index) => text.includes(questions[index]!))).toEqual(questions.map(() => true));
    expect([most, server.handshakes.length]).toEqual([3, 3]);
  });

  it('stop waiting for a connection when they are stopped', async () => {
    const server = await serve('plain', { answer: () => undefined });
    const model = modelAt('plain', server, connection('plain', { max: 1 }));
    const first = new AbortController();
    const held = ask(model, 'hold', first.signal);
    await expect.poll(() => server.asked.length, PATIENT).toBe(1);
    const stop = new AbortController();
    const waiting = ask(model, 'wait', stop.signal);
    stop.abort(new Error('no patience'));
    await expect(waiting).rejects.toThrow('no patience');
    first.abort(new Error('done'));
    await expect(held).rejects.toThrow('done');
  });
});

/** Connections that keep the process alive. */
const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

/** Sockets that other files have left in this thread: what is on its way out, or tries to come back, is waited for. */
async function socketsOfOthers(): Promise<number> {
  for (let before = -1; ;) {
    const now = sockets();
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

describe('a connection that was used before', () => {
  it.each(PROTOCOLS)('is used again: %s', async (protocol) => {
    const server = await serve(protocol);
    const model = modelAt(protocol, server);
    for (let turn = 0; turn < 3; turn++) await ask(model);
    expect(server.handshakes).toHaveLength(1);
  });

  it.each(PROTOCOLS)('and dies before the first byte is replaced silently, once: %s', async (protocol) => {
    let deaths = 0;
    const answer = protocol === 'talk' ? hello : undefined;
    const server = await serve(protocol, {
      async answer(asked) {
        if (asked.text.includes('die') && deaths < 1) {
          deaths += 1;
          asked.socket.terminate();
        } else if (answer) await answer(asked);
        else {
          asked.send({ delta: 'Hello wörld' });
          asked.send({ end: true });
        }
      },
    });
    const model = modelAt(protocol, server);
    await ask(model);
    expect((await ask(model, 'die')).text).toBe('Hello wörld');
    expect([deaths, server.handshakes.length]).toEqual([1, 2]);
  });

  it('is not replaced a second time', async () => {
    const server = await serve('talk', {
      answer: (asked) => (asked.text === 'die' ? asked.socket.terminate() : hello(asked)),
    });
    const model = modelAt('talk', server);
    await ask(model);
    expect(await failureOf(ask(model, 'die'))).toMatchObject({ code: 'unavailable' });
    expect(server.asked).toHaveLength(3);
  });

  it('is replaced in the background when it dies unused, also when that takes a while', async () => {
    const server = await serve('talk');
    const model = modelAt('talk', server);
    await ask(model);
    const port = Number(new URL(server.url).port);
    await server.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const again = await serve('talk', { port });
    await expect.poll(again.open, { timeout: 10_000 }).toBe(1);
    await ask(model);
    expect(again.handshakes).toHaveLength(1);
  });

  it.each(PROTOCOLS)('is closed when nobody uses it any more, and not replaced: %s', async (protocol) => {
    const server = await serve(protocol);
    const model = modelAt(protocol, server, connection(protocol, { idleMs: 30 }));
    await ask(model);
    await expect.poll(server.open, PATIENT).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.handshakes).toHaveLength(1);
  });

  it.each(PROTOCOLS)('keeps the process alive only while it is used: %s', async (protocol) => {
    const others = await socketsOfOthers();
    const server = await serve(protocol, { answer: stuck(protocol) });
    const model = modelAt(protocol, server);
    const first = model.stream(say('hang'), noAbort())[Symbol.asyncIterator]();
    await first.next();
    // Ours, and the server's end of it.
    await expect.poll(sockets, PATIENT).toBe(others + 2);
    server.asked[0]?.send(protocol === 'talk' ? { type: 'done' } : { end: true });
    while (!(await first.next()).done);
    await expect.poll(sockets, PATIENT).toBe(others + 1);
    const next = model.stream(say('hang'), noAbort())[Symbol.asyncIterator]();
    await next.next();
    await expect.poll(sockets, PATIENT).toBe(others + 2);
    expect(server.handshakes).toHaveLength(1);
  });

  it('is given up when the other side shows no sign of life', async () => {
    const server = await serve('talk', { alive: false, answer: ({ send }) => send({ type: 'token', text: 'a' }) });
    const error = await failureOf(ask(modelAt('talk', server, connection('talk', { pingMs: 20 }))));
    expect(error).toMatchObject({ code: 'stream_truncated', detail: expect.stringContaining('no sign of life') });
  });

  it('is kept by one that does', async () => {
    const server = await serve('talk', {
      async answer({ send }) {
        send({ type: 'token', text: 'a' });
        await new Promise((resolve) => setTimeout(resolve, 300));
        send({ type: 'done' });
      },
    });
    const model = modelAt('talk', server, connection('talk', { pingMs: 60 }));
    expect((await ask(model)).text).toBe('a');
  });
});
