import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadPackageDefinition, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { generate } from 'chatkit-relay/providers';
import { conformance, noAbort, say } from 'chatkit-relay/providers/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import provider from './provider.js';

const { parrot } = loadPackageDefinition(loadSync(fileURLToPath(new URL('chat.proto', import.meta.url))));
const server = new Server();
const seen = [];
let address;

/** Says the last message word by word until it has said all, or is cancelled. */
async function answer(call) {
  const { model, messages } = call.request;
  const cancelled = new Promise((resolve) => call.on('cancelled', () => resolve(true)));
  seen.push({ request: call.request, authorization: call.metadata.get('authorization')[0], cancelled });
  if (model === 'ghost') return call.emit('error', { code: status.NOT_FOUND, details: 'there is no ghost' });
  const words = messages.at(-1).text.split(' ');
  for (const word of words) {
    call.write({ text: `${word} ` });
    // One model has nothing more to say until it is cancelled.
    if (model === 'pensive') return cancelled;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  call.write({ finish: 'stop', inputTokens: words.length, outputTokens: words.length });
  return call.end();
}

beforeAll(async () => {
  server.addService(parrot.v1.Chat.service, {
    answer: (call) => void answer(call),
    listModels: (_call, reply) => reply(null, { models: ['grey', 'green'] }),
  });
  const port = await promisify(server.bindAsync.bind(server))('127.0.0.1:0', ServerCredentials.createInsecure());
  address = `127.0.0.1:${port}`;
});
afterAll(() => server.forceShutdown());

const parrotAt = (more = {}) => provider.create({ id: 'parrot', address, ...more });

conformance('a provider over gRPC', () => {
  const { model } = parrotAt();
  return { ...model('grey'), stream: (call, signal) => model('grey').stream({ ...call, ...say('a b c d') }, signal) };
});

it('sends the question and the key, and reads the usage', async () => {
  const call = { ...say('Polly wants tea'), settings: { temperature: 0 } };
  const { text, usage } = await generate(parrotAt({ apiKey: 'secret-1' }).model('grey'), call, noAbort());
  expect({ text, usage }).toEqual({ text: 'Polly wants tea ', usage: { inputTokens: 3, outputTokens: 3 } });
  expect(seen.at(-1)).toMatchObject({
    authorization: 'Bearer secret-1',
    request: { model: 'grey', messages: [{ role: 'user', text: 'Polly wants tea' }], temperature: 0 },
  });
});

it.each(['in the middle', 'when its reader leaves'])('cancels the call at the server %s', async (when) => {
  const stop = new AbortController();
  const reason = new Error('enough');
  const listen = async () => {
    for await (const part of parrotAt().model('pensive').stream(say('Well, well'), stop.signal)) {
      if (part.type !== 'text-delta') continue;
      if (when === 'when its reader leaves') return 'left';
      setTimeout(() => stop.abort(reason));
    }
    return 'over';
  };
  expect(await listen().catch((error) => error)).toBe(when === 'in the middle' ? reason : 'left');
  expect(await seen.at(-1).cancelled).toBe(true);
});

it('says what has happened', async () => {
  const failure = await generate(parrotAt().model('ghost'), say('Boo'), noAbort()).catch((error) => error);
  expect(failure).toMatchObject({ code: 'model_unknown', detail: 'there is no ghost' });
  const nobody = provider.create({ id: 'parrot', address: '127.0.0.1:1' });
  expect(await nobody.healthCheck(noAbort())).toMatchObject({ ok: false, error: { code: 'unavailable' } });
});

it('lists the models of the server', async () => {
  expect(await parrotAt().listModels(noAbort())).toEqual([{ id: 'grey' }, { id: 'green' }]);
});
