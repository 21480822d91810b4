import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingsDir, type ReplayServer, startReplayServer } from '../../../../test/support/recordings.js';
import { createProviders } from '../config.js';
import type { CallSettings } from '../spec/call-settings.js';
import { generate, type GenerateResult } from '../spec/generate.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { Message } from '../spec/prompt.js';
import type { ProviderErrorCode } from '../spec/provider-error.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { type Expected, failureOf, framesOf, knobsFor, loadRecordings, told, wanted } from '../testing/recorded.js';
import { faultsOf } from '../testing/well-formed.js';

const WIRE = 'anthropic-messages';

const dir = recordingsDir();
const all = dir ? loadRecordings(dir, WIRE) : [];
const answers = all.filter(({ expected }) => expected.status < 400);
const failures = all.filter(({ expected }) => expected.status >= 400);
const streams = answers.filter(({ expected }) => expected.stream);

const CODES: Readonly<Record<number, ProviderErrorCode>> = {
  400: 'bad_request',
  401: 'bad_key',
  404: 'model_unknown',
  429: 'rate_limited',
  500: 'unavailable',
  529: 'overloaded',
};

if (!dir) process.stderr.write('recorded messages are skipped: there are no recordings, set CHATKIT_RECORDINGS_DIR\n');

/** Every recorded call has an id. */
const NO_ID = 'none';

/** Recorded citations are of documents by their title, and the recorded input is without what was cached. */
function wantedHere(expected: Expected): ReturnType<typeof wanted> {
  const usage = expected.usage && toUsage(expected.usage);
  const sources = expected.citations.map((one) => (one as { document_title: string }).document_title);
  return { ...wanted(expected, NO_ID), usage, sources };
}

function toUsage(recorded: Readonly<Record<string, number>>) {
  const { input_tokens: input = 0, output_tokens: outputTokens } = recorded;
  const { cached_input_tokens: read, cache_creation_input_tokens: written } = recorded;
  return {
    inputTokens: input + (read ?? 0) + (written ?? 0),
    outputTokens,
    ...(read !== undefined && { cachedInputTokens: read }),
    ...(written !== undefined && { cacheWriteInputTokens: written }),
  };
}

/** The expectations say nothing of the tokens that were thought. */
function toldHere(answer: GenerateResult): ReturnType<typeof told> {
  const { usage, ...rest } = told(answer);
  const { reasoningTokens: _, ...counted } = usage ?? {};
  return { ...rest, usage: usage && counted };
}

const hello: Message = { role: 'user', content: [{ type: 'text', text: 'hello' }] };
const call = (callId: string, args: string) => ({ type: 'tool-call', callId, name: 'f', arguments: args }) as const;
const output = (callId: string, text: string) => ({ type: 'tool-result', callId, name: 'f', output: text }) as const;

const PROMPTS: readonly (readonly Message[])[] = [
  [],
  [{ role: 'system', content: '' }, hello, { role: 'system', content: 'x' }],
  [{ role: 'assistant', content: [{ type: 'text', text: 'I begin ' }] }],
  [{ role: 'user', content: [{ type: 'text', text: ' ' }] }, hello, hello],
  [
    hello,
    { role: 'assistant', content: [{ type: 'text', text: '' }, call('', '{"x'), call('', ''), call('a:b', '[]')] },
    { role: 'tool', content: [output('', ''), output('', 'two'), output('a:b', 'three')] },
    hello,
    { role: 'assistant', content: [call('a:b', '{"x":1}')] },
    hello,
    { role: 'tool', content: [output('a:b', '')] },
    { role: 'assistant', content: [{ type: 'text', text: 'done' }] },
    hello,
  ],
];

const SETTINGS: readonly CallSettings[] = [
  {},
  { temperature: 2, topP: 1, topK: 1, stop: ['\n'], maxTokens: 1 },
  { reasoningEffort: 'minimal', temperature: 0, maxTokens: 1 },
  { reasoningEffort: 'max' },
  { reasoningEffort: 'none', seed: 1, frequencyPenalty: 1 },
];

describe.skipIf(!dir)('recorded messages', () => {
  // Counted as skipped where the lists below are empty, since there is nothing to play.
  it('there are recorded messages to play (CHATKIT_RECORDINGS_DIR)', () => {
    expect(streams).not.toEqual([]);
    expect(failures).not.toEqual([]);
  });

  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer();
  });
  afterAll(() => server.close());

  function modelFor(id: string, knobs = ''): LanguageModel {
    const [provider] = createProviders([
      { kind: 'anthropic', baseUrl: `${server.url}/${WIRE}`, apiKey: 'sk-recorded-key' },
    ]);
    if (!provider) throw new Error('no provider');
    return provider.model(`fixture:${id}?${knobs}`);
  }

  function play(id: string, knobs = ''): Promise<GenerateResult> {
    return generate(modelFor(id, knobs), say('hello'), noAbort());
  }

  it.each(answers)('$id', async ({ id, expected }) => {
    const answer = await play(id, knobsFor(expected));
    expect(toldHere(answer)).toEqual(wantedHere(expected));
    expect(answer.warnings).toEqual([]);
  });

  it.each(answers)('$id as well-formed parts', async ({ id, expected }) => {
    const parts = await collect(modelFor(id, knobsFor(expected)).stream(say('hello'), noAbort()));
    expect(faultsOf(parts)).toEqual([]);
  });

  it.each(failures)('$id', async ({ id, expected }) => {
    const error = await failureOf(play(id));
    expect([error.code, error.status]).toEqual([CODES[expected.status], expected.status]);
    expect(error.detail).not.toContain('sk-recorded-key');
  });

  const kinds = ['split=bytes', 'split=bytes&seed=7', 'split=utf8', 'crlf=1', 'ping=1', 'bom=1', 'gzip=1'];
  describe.each([...kinds, 'crlf=1&split=bytes', 'garbage=1&garbage_kind=comment'])('with %s', (knobs) => {
    it.each(streams)('$id', async ({ id, expected }) => {
      expect(toldHere(await play(id, knobs))).toEqual(wantedHere(expected));
    });
  });

  it.each(streams)('$id cut off before it says why it stops is truncated', async ({ id }) => {
    const last = framesOf(dir, id).findIndex((frame) => frame.includes('"message_delta"'));
    for (const cut of [1, last]) {
      const error = await failureOf(play(id, `cut=${cut}`));
      expect([error.code, error.retryable]).toEqual(['stream_truncated', true]);
    }
  });

  it.each(streams)('$id cut off behind that is whole', async ({ id, expected }) => {
    const last = framesOf(dir, id).findIndex((frame) => frame.includes('"message_delta"'));
    expect(toldHere(await play(id, `cut=${last + 1}`))).toEqual(wantedHere(expected));
  });

  it.each(streams)('$id reset before any byte is unavailable', async ({ id }) => {
    const error = await failureOf(play(id, 'cut=0&reset=1'));
    expect([error.code, error.retryable]).toEqual(['unavailable', true]);
  });

  it.each(streams)('$id with a frame of broken JSON is malformed', async ({ id }) => {
    expect((await failureOf(play(id, 'garbage=1'))).code).toBe('malformed_response');
  });

  it.each(streams)('$id skips and counts a frame it does not know', async ({ id, expected }) => {
    const answer = await play(id, 'garbage=1&garbage_kind=unknown');
    expect(toldHere(answer)).toEqual(wantedHere(expected));
    expect(answer.warnings).toEqual([expect.objectContaining({ code: 'unknown_frames', count: 1 })]);
  });

  describe("Anthropic's rules for a request", () => {
    const id = `${WIRE}/anthropic-message-delta-input-tokens`;
    const ask = (asked: ModelCall) => generate(modelFor(id), asked, noAbort());

    it('are kept by every prompt', async () => {
      for (const prompt of PROMPTS) expect((await ask({ prompt })).text).toBe('pong');
    });

    it('are kept by every setting', async () => {
      const prompt = say('hello').prompt;
      for (const settings of SETTINGS) {
        for (const toolChoice of ['auto', 'none', 'required', { name: 'f' }] as const) {
          const tools = [{ name: 'f', parameters: {} }];
          expect((await ask({ prompt, settings, tools, toolChoice })).text).toBe('pong');
          expect((await ask({ prompt, settings, toolChoice })).text).toBe('pong');
        }
      }
    });
  });
});
