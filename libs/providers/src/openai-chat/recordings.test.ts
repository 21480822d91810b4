import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingsDir, type ReplayServer, startReplayServer } from '../../../../test/support/recordings.js';
import { createProviders, type ProviderConfigInput } from '../config.js';
import { generate, type GenerateResult } from '../spec/generate.js';
import type { LanguageModel } from '../spec/language-model.js';
import type { ProviderErrorCode } from '../spec/provider-error.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { failureOf, framesOf, knobsFor, loadRecordings, told, wanted } from '../testing/recorded.js';
import { faultsOf } from '../testing/well-formed.js';

/** What each wire is spoken with: the kind that is made for it where there is one. */
const KINDS = {
  'openai-chat': 'openai-compatible',
  'azure-openai': 'azure-openai',
  deepseek: 'deepseek',
  'gemini-openai': 'gemini',
  groq: 'groq',
  huggingface: 'huggingface',
  llamacpp: 'llama-cpp',
  mistral: 'mistral',
  'ollama-openai': 'openai-compatible',
  'openai-compat': 'openai-compatible',
  openrouter: 'openrouter',
  perplexity: 'perplexity',
  together: 'together',
  vllm: 'vllm',
  xai: 'xai',
} as const;
const WIRES = Object.keys(KINDS) as (keyof typeof KINDS)[];

function configOf(wire: keyof typeof KINDS, url: string): ProviderConfigInput {
  const common = { id: 'recorded', apiKey: 'sk-recorded-key', defaultModel: 'none' };
  const kind = KINDS[wire];
  return kind === 'azure-openai' ? { kind, ...common, endpoint: url } : { kind, ...common, baseUrl: url };
}

const dir = recordingsDir();
const all = dir ? WIRES.flatMap((wire) => loadRecordings(dir, wire)) : [];
const answers = all.filter(({ expected }) => expected.status < 400);
const failures = all.filter(({ expected }) => expected.status >= 400);
const streams = answers.filter(({ expected }) => expected.stream);
const cuttable = streams.filter(({ id }) => !/"finish_reason":\s*"/.test(framesOf(dir, id).slice(0, 3).join('\n')));

/** What a status means unless the recording's own words say more. */
const BY_STATUS: Readonly<Record<number, ProviderErrorCode>> = {
  400: 'bad_request',
  401: 'bad_key',
  403: 'no_access',
  404: 'model_unknown',
  429: 'rate_limited',
  500: 'unavailable',
};

const BY_NAME: readonly (readonly [RegExp, ProviderErrorCode])[] = [
  [/insufficient-quota/, 'no_access'],
  [/handles-cont|context-length|cloud-gpt-oss-120b-han/, 'context_too_long'],
  [/mistral\/error-400-response-identity/, 'model_unknown'],
];

function expectedCode(id: string, status: number): ProviderErrorCode | undefined {
  return BY_NAME.find(([pattern]) => pattern.test(id))?.[1] ?? BY_STATUS[status];
}

if (!dir) process.stderr.write('recorded answers are skipped: there are no recordings, set CHATKIT_RECORDINGS_DIR\n');

const MADE_ID: string = expect.stringMatching(/^call_./);

describe.skipIf(!dir)('recorded answers', () => {
  // Counted as skipped where the lists below are empty, since there is nothing to play.
  it('there are recorded answers to play (CHATKIT_RECORDINGS_DIR)', () => {
    expect(streams).not.toEqual([]);
  });

  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer();
  });
  afterAll(() => server.close());

  function modelFor(id: string, knobs = ''): LanguageModel {
    const wire = id.split('/')[0] as keyof typeof KINDS;
    const [provider] = createProviders([configOf(wire, `${server.url}/${wire}`)]);
    if (!provider) throw new Error('no provider');
    return provider.model(`fixture:${id}?${knobs}`);
  }

  function play(id: string, knobs = ''): Promise<GenerateResult> {
    return generate(modelFor(id, knobs), say('hello'), noAbort());
  }

  it.each(answers)('$id', async ({ id, expected }) => {
    expect(told(await play(id, knobsFor(expected)))).toEqual(wanted(expected, MADE_ID));
  });

  it.each(answers)('$id as well-formed parts', async ({ id, expected }) => {
    const parts = await collect(modelFor(id, knobsFor(expected)).stream(say('hello'), noAbort()));
    expect(faultsOf(parts)).toEqual([]);
  });

  it.each(failures)('$id', async ({ id, expected }) => {
    const error = await failureOf(play(id));
    expect(error.code).toBe(expectedCode(id, expected.status));
    expect(error.status).toBe(expected.status);
    expect(error.detail).not.toContain('sk-recorded-key');
  });

  it('takes the wait from the recorded headers', async () => {
    expect((await failureOf(play('openai-chat/error-429-rate-limit-tpm'))).retryAfterMs).toBe(174);
    expect((await failureOf(play('groq/error-429-rate-limit-tpm'))).retryAfterMs).toBe(51_000);
  });

  const kind = ['split=bytes', 'split=bytes&seed=7', 'split=utf8', 'crlf=1', 'ping=1', 'bom=1', 'gzip=1'];
  describe.each([...kind, 'crlf=1&split=bytes', 'garbage=1&garbage_kind=comment'])('with %s', (knobs) => {
    it.each(streams)('$id', async ({ id, expected }) => {
      expect(told(await play(id, knobs))).toEqual(wanted(expected, MADE_ID));
    });
  });

  it.each(streams)('$id without [DONE] is whole, because it gives a reason to stop', async ({ id, expected }) => {
    expect(told(await play(id, 'nodone=1'))).toEqual(wanted(expected, MADE_ID));
  });

  it.each(cuttable)('$id cut off after 3 frames is truncated', async ({ id }) => {
    const error = await failureOf(play(id, 'cut=3'));
    expect([error.code, error.retryable]).toEqual(['stream_truncated', true]);
  });

  it.each(streams)('$id reset before any byte is unavailable', async ({ id }) => {
    const error = await failureOf(play(id, 'cut=0&reset=1'));
    expect([error.code, error.retryable]).toEqual(['unavailable', true]);
  });

  it.each(streams)('$id with a frame of broken JSON is malformed', async ({ id }) => {
    expect((await failureOf(play(id, 'garbage=2'))).code).toBe('malformed_response');
  });

  it.each(streams)('$id skips a frame it does not know', async ({ id, expected }) => {
    expect(told(await play(id, 'garbage=2&garbage_kind=unknown'))).toEqual(wanted(expected, MADE_ID));
  });

  it('sees a page of HTML for what it is', async () => {
    const error = await failureOf(play('openai-chat/tools-streaming-variant-d', 'ctype=text/html'));
    expect(error.code).toBe('malformed_response');
  });
});
