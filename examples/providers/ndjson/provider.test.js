import { readFileSync } from 'node:fs';
import { generate, ProviderError } from 'chatkit-relay/providers';
import { conformance, noAbort, say, startLocalServer, startReplay } from 'chatkit-relay/providers/testing';
import { afterAll, expect, it } from 'vitest';
import minimal from './minimal.js';
import provider from './provider.js';

const recording = readFileSync(new URL('recording.ndjson', import.meta.url), 'utf8');
const servers = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

const keep = (server) => {
  servers.push(server);
  return server;
};
const at = ({ url }) => provider.create({ id: 'tiny', url, apiKey: 'key-of-tests' });
const refusing = async (status, headers = {}) =>
  at(keep(await startLocalServer((response) => response.writeHead(status, headers).end('no'))));

/** A server that says its lines some time apart. */
async function talking() {
  return keep(
    await startLocalServer(async (response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      for (const line of recording.trim().split('\n')) {
        response.write(`${line}\n`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      response.end();
    }),
  );
}

conformance('tiny', async () => at(await talking()).model('tiny-1'));
conformance('the minimum of tiny', async () => minimal.create({ id: 'tiny', url: (await talking()).url }).model('t'));

it('reads a recording, wherever the network cuts it', async () => {
  const replay = keep(await startReplay(recording, { contentType: 'application/x-ndjson' }));
  const answer = await generate(at(replay).model('tiny-1'), say('Hello'), noAbort());
  expect(answer, `seed ${replay.seed}`).toMatchObject({
    text: 'Grüezi, wie geht es? 🌱',
    finish: { unified: 'stop', raw: 'end' },
    usage: { inputTokens: 7, outputTokens: 9 },
  });
});

it('sends what it is asked, and says what it cannot', async () => {
  const server = await talking();
  const call = { ...say('Hello'), settings: { temperature: 0, maxTokens: 5, topK: 3 } };
  const { warnings } = await generate(at(server).model('tiny-2'), call, noAbort());
  expect(server.requests[0]).toMatchObject({ path: '/chat', headers: { authorization: 'Bearer key-of-tests' } });
  expect(server.requests[0].body).toEqual({
    model: 'tiny-2',
    messages: [{ role: 'user', text: 'Hello' }],
    temperature: 0,
    max_tokens: 5,
  });
  expect(warnings).toEqual([{ code: 'unsupported_setting', setting: 'topK', detail: 'Tiny does not know it' }]);
});

it.each([
  [401, 'bad_key'],
  [404, 'model_unknown'],
  [429, 'rate_limited'],
  [400, 'bad_request'],
  [503, 'unavailable'],
])('calls status %i %s', async (status, code) => {
  const failing = await refusing(status, { 'retry-after': '2' });
  const failure = await generate(failing.model('m'), say('Hello'), noAbort()).catch((error) => error);
  expect(failure).toBeInstanceOf(ProviderError);
  expect(failure).toMatchObject({ code, status, retryAfterMs: 2000 });
  expect(await failing.healthCheck(noAbort())).toMatchObject({ ok: false, error: { code } });
});

it.each([
  ['{"text":"half"}\n', 'stream_truncated'],
  ['<html>\n', 'malformed_response'],
  ['{"error":"too many people"}\n', 'overloaded'],
])('knows what is wrong with the answer %j', async (body, code) => {
  const replay = keep(await startReplay(body));
  await expect(generate(at(replay).model('m'), say('Hello'), noAbort())).rejects.toMatchObject({ code });
});

it('lists models and counts tokens', async () => {
  const server = keep(
    await startLocalServer((response, { path }) => {
      response.end(JSON.stringify(path === '/models' ? { models: ['tiny-1', 'tiny-2'] } : { tokens: 4 }));
    }),
  );
  expect(await at(server).listModels(noAbort())).toEqual([{ id: 'tiny-1' }, { id: 'tiny-2' }]);
  expect(await at(server).countTokens('tiny-1', say('Hello'), noAbort())).toBe(4);
});
