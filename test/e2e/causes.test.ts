import { beforeAll, describe, expect, it } from 'vitest';
import { operatorHint } from '#runtime';
import { createThread, post, type WireEvent } from '../support/chat.js';
import { type Relay, USER_HEADER, useRelay } from '../support/relay.js';

const CHATKIT_CONFIG = new URL('causes.config.yaml', import.meta.url).pathname;

const failureOf = async (relay: Relay, model: string | undefined, query = ''): Promise<WireEvent | undefined> => {
  const { events, headers } = await post(relay.url, createThread('Go on', model === undefined ? {} : { model }), {
    query,
  });
  expect(headers['chatkit-run-id']).toMatch(/^run_/);
  return events.find(({ type }) => type === 'error');
};
const messageOf = async (...asked: Parameters<typeof failureOf>): Promise<string> =>
  String((await failureOf(...asked))?.['message']);

// What worker and API are told differs on purpose: the API decides, since it knows who asks.
describe('causes, where everybody is the operator', () => {
  const relay = useRelay('postgres', { workers: 0, variables: { CHATKIT_CONFIG, AUTH_MODE: 'none' } });
  beforeAll(() => relay.startWorker({ AUTH_MODE: 'trustedHeader', AUTH_USER_HEADER: USER_HEADER }));

  it('of a server that is not there: its address, what to do, and in the end the breaker with its seconds', async () => {
    const message = await messageOf(relay, 'ollama/llama3.2');
    expect(message).toMatch(/unavailable \(ollama\/llama3\.2\).*(127\.0\.0\.1:9|ECONNREFUSED)/);
    expect(message.split('\n').at(-1)).toBe(operatorHint('provider.unavailable'));
    let last = message;
    for (let tries = 0; tries < 20 && !last.includes('circuit breaker'); tries++) {
      last = await messageOf(relay, 'ollama/llama3.2');
    }
    expect(last).toMatch(/^This model does not answer at the moment. It is asked again in \d seconds?:/);
    expect(last).toMatch(/circuit breaker is open after \d+ failures in a row, for another \d+ s; .*ECONNREFUSED/);
  });

  it('of a provider module that throws', async () => {
    const message = await messageOf(relay, 'own/fails');
    expect(message).toMatch(/the cellar is flooded \(at test\/e2e\/causes\.provider\.js:8:11\)/);
    expect(message).toContain(operatorHint('provider.module_failed'));
  });

  it('of an assistant that throws', async () => {
    const message = await messageOf(relay, undefined, '?assistant=broken');
    expect(message).toMatch(/the assistant has tripped \(at test\/e2e\/causes\.assistant\.js:6:11\)/);
    expect(message).toContain(operatorHint('run.internal'));
    const log = (): string => relay.workers.map((worker) => worker.output()).join('');
    await expect.poll(log, { timeout: 10_000 }).toMatch(/"stack":" +at [^"]*test\/e2e\/causes\.assistant\.js:6:11/);
  });

  it('of a completion', async () => {
    const body = JSON.stringify({ model: 'own/fails', messages: [{ role: 'user', content: 'Go on' }] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${relay.url}/v1/chat/completions`, { method: 'POST', headers, body });
    expect(await answer.text()).toContain('the cellar is flooded');
  });
});

describe('causes, where users are told apart, by a worker that was started without AUTH_MODE', () => {
  const relay = useRelay('postgres', { workers: 0, variables: { CHATKIT_CONFIG } });
  beforeAll(() => relay.startWorker({ AUTH_MODE: undefined, AUTH_USER_HEADER: undefined }));

  it.each([
    ['ollama/llama3.2', ''],
    ['own/fails', ''],
    [undefined, '?assistant=broken'],
  ])('are for the log alone (%s%s)', async (model, query) => {
    expect(await failureOf(relay, model, query)).toEqual({ type: 'error', code: 'stream.error', allow_retry: true });
  });

  it('are not in the answer to a completion', async () => {
    const body = JSON.stringify({ model: 'own/fails', messages: [{ role: 'user', content: 'Go on' }] });
    const headers = { 'content-type': 'application/json', [USER_HEADER]: 'ada' };
    const answer = await fetch(`${relay.url}/v1/chat/completions`, { method: 'POST', headers, body });
    expect(answer.status).toBe(502);
    expect(await answer.text()).not.toContain('cellar');
  });
});
