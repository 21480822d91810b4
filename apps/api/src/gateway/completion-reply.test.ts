import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyReply } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeGatewayError, gatewayErrorOf } from '#runtime';
import { CompletionReply } from './completion-reply.js';

const LIMITED = { ...gatewayErrorOf('provider.rate_limited', undefined, false), retryAfterSeconds: 9 };
const failure = Buffer.from(encodeGatewayError(LIMITED));
const frame = (text: string): Buffer => Buffer.from(`data: {"text":"${text}"}\n\n`);

describe('the answer to a completion request', () => {
  let server: http.Server;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    server.closeAllConnections();
    server.close();
  });

  /** A reply over a real socket, and what its caller gets. */
  async function asked(isStream: boolean) {
    server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const request = http.get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    const answered = (async () => {
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      let body = '';
      for await (const chunk of answer.setEncoding('utf8')) body += chunk;
      return { status: answer.statusCode, headers: answer.headers, body, complete: answer.complete };
    })();
    const [, raw] = (await once(server, 'request')) as [http.IncomingMessage, http.ServerResponse];
    const reply = {
      raw,
      hijack: () => reply,
      getHeaders: () => raw.getHeaders(),
      header: (name: string, value: string) => raw.setHeader(name, value) && reply,
      status: (status: number) => {
        raw.statusCode = status;
        return reply;
      },
      send: (body: unknown) => raw.end(Buffer.isBuffer(body) ? body : JSON.stringify(body)),
    };
    const completion = new CompletionReply(reply as unknown as FastifyReply, 'run_1', isStream, 15_000);
    return { completion, answered, request };
  }

  it('is the frames as they are, once there is one', async () => {
    const { completion, answered } = await asked(true);
    completion.write(frame('a'), { fence: 1 });
    completion.write(frame('b'), { fence: 1 });
    completion.end();
    expect(await answered).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'chatkit-run-id': 'run_1' },
      body: `${frame('a')}${frame('b')}`,
      complete: true,
    });
    await completion.over;
  });

  it.each([true, false])('has a header of what the model did not get (streamed: %s)', async (isStream) => {
    const { completion, answered } = await asked(isStream);
    completion.write(Buffer.concat([Buffer.from(': warnings seed: none here\n\n'), frame('a')]), { fence: 1 });
    completion.write(frame('b'), { fence: 1 });
    completion.end();
    const { headers, body } = await answered;
    expect(headers['chatkit-warnings']).toBe('seed: none here');
    expect(body).toBe(isStream ? `${frame('a')}${frame('b')}` : frame('a').toString());
  });

  it.each([true, false])('is an HTTP error when the first frame is one (streamed: %s)', async (isStream) => {
    const { completion, answered } = await asked(isStream);
    completion.write(failure, { fence: 1 });
    completion.end();
    const answer = await answered;
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '9', 'chatkit-run-id': 'run_1' } });
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'rate_limit_exceeded', param: null } });
    expect(completion.isOver).toBe(true);
  });

  it('begins after 10 s without a frame; a failure after that is an event of the stream', async () => {
    const { completion, answered } = await asked(true);
    vi.advanceTimersByTime(10_001);
    completion.write(failure, { fence: 1 });
    const { status, body } = await answered;
    expect(status).toBe(200);
    const [beat, head, data] = body.split('\n').filter(Boolean);
    expect([beat, head?.[0]]).toEqual([':', ':']);
    expect(JSON.parse(data?.slice('data: '.length) ?? '')).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  });

  it('waits for a whole answer as long as it takes', async () => {
    const { completion, answered } = await asked(false);
    vi.advanceTimersByTime(60_000);
    completion.write(Buffer.from('{"object":"chat.completion"}'), { fence: 2 });
    expect(await answered).toMatchObject({ status: 200, body: '{"object":"chat.completion"}' });
  });

  it('never starts again once the caller has a part of it', async () => {
    const { completion, answered } = await asked(true);
    completion.write(frame('a beginning'), { fence: 1 });
    completion.write(frame('another beginning'), { fence: 2 });
    completion.write(frame('and more'), { fence: 2 });
    completion.end();
    const { body } = await answered;
    expect(body.startsWith(frame('a beginning').toString())).toBe(true);
    expect(body).toContain('"code":"interrupted"');
    expect(body).not.toContain('another');
    expect(body).not.toContain('more');
  });

  it('is an error when the run ends without a frame', async () => {
    const { completion, answered } = await asked(true);
    completion.end();
    expect(await answered).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
  });

  it('ends in an error when the server stops: a clean end would look like a whole answer', async () => {
    const { completion, answered } = await asked(true);
    completion.write(frame('a'), { fence: 1 });
    completion.interrupt();
    expect((await answered).body).toContain('"code":"interrupted"');
  });

  it('is over when the caller leaves', async () => {
    const { completion, answered, request } = await asked(true);
    const left = answered.catch((error: Error) => error.message);
    request.destroy();
    await completion.over;
    expect(await left).toBe('socket hang up');
    expect(completion.write(frame('a'), { fence: 1 })).toBe(true);
  });
});
