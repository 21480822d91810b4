import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingsDir, type ReplayServer, startReplayServer } from '../../../../test/support/recordings.js';
import { createProviders } from '../config.js';
import { type Json, list, object, text } from '../http/json.js';
import { generate, type GenerateResult } from '../spec/generate.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { Provider } from '../spec/provider.js';
import type { ProviderErrorCode } from '../spec/provider-error.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { type Expected, failureOf, framesOf, knobsFor, loadRecordings, told, wanted } from '../testing/recorded.js';
import { faultsOf } from '../testing/well-formed.js';

const WIRE = 'cohere-v2-chat';

const dir = recordingsDir();
const all = dir ? loadRecordings(dir, WIRE) : [];
const answers = all.filter(({ expected }) => expected.status < 400);
const failures = all.filter(({ expected }) => expected.status >= 400);
const streams = answers.filter(({ expected }) => expected.stream);

const BY_NAME: readonly (readonly [RegExp, ProviderErrorCode])[] = [
  [/error-401/, 'bad_key'],
  [/error-404/, 'model_unknown'],
  // A trial key's calls of the month, used up.
  [/error-429-trial-key/, 'no_access'],
];

if (!dir) process.stderr.write('recorded answers are skipped: there are no recordings, set CHATKIT_RECORDINGS_DIR\n');

/** Every recorded call has an id. */
const NO_ID = 'none';

/** The expectations leave out the thinking tokens, which some answers count. */
function heard(answer: GenerateResult) {
  const said = told(answer);
  return { ...said, usage: said.usage && { ...said.usage, reasoningTokens: undefined } };
}

/** The plan is a thought to us, and what is billed is no part of the usage. */
function expectedOf(expected: Expected) {
  const { usage } = expected;
  return {
    ...wanted(expected, NO_ID),
    reasoning: `${expected.tool_plan ?? ''}${expected.reasoning}`,
    usage: usage && {
      inputTokens: usage['input_tokens'],
      outputTokens: usage['output_tokens'],
      ...('cached_input_tokens' in usage && { cachedInputTokens: usage['cached_input_tokens'] }),
      reasoningTokens: undefined,
    },
    sources: expected.citations.flatMap((citation) => list(object(citation)?.['sources']).flatMap(citedName)),
  };
}

/** By its URL, its title, or the id of a document; the id of a tool's output means nothing to a person. */
function citedName(value: unknown): string[] {
  const source = object(value) ?? {};
  const fields: Json = object(source['document']) ?? object(source['tool_output']) ?? {};
  const name = text(fields['url']) || text(fields['title']) || (source['type'] === 'document' && text(source['id']));
  return name ? [name] : [];
}

const IMAGE = { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AAAA' } } as const;

/** Whatever a call can hold that this wire can express. */
const EVERYTHING: ModelCall = {
  prompt: [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: [IMAGE, { type: 'text', text: 'what is it?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', provider: 'cohere', data: { tool_plan: 'so' } },
        { type: 'reasoning', provider: 'cohere', data: { thinking: 'hm' } },
        { type: 'tool-call', callId: 'c1', name: 'f', arguments: 'null' },
        { type: 'tool-call', callId: 'c2', name: 'f', arguments: '{}' },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool-result', callId: 'c1', name: 'f', output: '1' },
        { type: 'tool-result', callId: 'c2', name: 'f', output: '' },
      ],
    },
  ],
  documents: [{ id: 'd', title: 'T', text: 'a', url: 'https://x' }],
  tools: [{ name: 'f', parameters: { type: 'object' }, strict: true }],
  toolChoice: { name: 'f' },
  settings: {
    maxTokens: 9,
    temperature: 0,
    topP: 0.5,
    topK: 3,
    frequencyPenalty: 0.1,
    stop: ['x'],
    seed: 1,
    reasoningEffort: 'low',
  },
  providerOptions: { cohere: { citation_options: { mode: 'FAST' } } },
};

describe.skipIf(!dir)('recorded answers', () => {
  // Counted as skipped where the lists below are empty, since there is nothing to play.
  it('there are recorded answers to play (CHATKIT_RECORDINGS_DIR)', () => {
    expect(streams).not.toEqual([]);
    expect(failures).not.toEqual([]);
    expect(answers.some(({ expected }) => expectedOf(expected).sources.length > 0)).toBe(true);
  });

  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer();
  });
  afterAll(() => server.close());

  function provider(): Provider {
    const [made] = createProviders([{ kind: 'cohere', baseUrl: `${server.url}/${WIRE}`, apiKey: 'co-recorded-key' }]);
    if (!made) throw new Error('no provider');
    return made;
  }

  const modelFor = (id: string, knobs = ''): LanguageModel => provider().model(`fixture:${id}?${knobs}`);
  const play = (id: string, knobs = ''): Promise<GenerateResult> =>
    generate(modelFor(id, knobs), say('hello'), noAbort());

  it.each(answers)('$id', async ({ id, expected }) => {
    const answer = await play(id, knobsFor(expected));
    expect(heard(answer)).toEqual(expectedOf(expected));
    expect(answer.warnings).toEqual([]);
  });

  it.each(answers)('$id as well-formed parts', async ({ id, expected }) => {
    const parts = await collect(modelFor(id, knobsFor(expected)).stream(say('hello'), noAbort()));
    expect(faultsOf(parts)).toEqual([]);
  });

  it.each(failures)('$id', async ({ id, expected }) => {
    const error = await failureOf(play(id));
    const code = BY_NAME.find(([pattern]) => pattern.test(id))?.[1];
    expect([error.code, error.status]).toEqual([code, expected.status]);
    expect(error.detail).not.toContain('co-recorded-key');
  });

  const kinds = ['split=bytes', 'split=bytes&seed=7', 'split=utf8', 'crlf=1', 'ping=1', 'bom=1', 'gzip=1', 'nodone=1'];
  describe.each([...kinds, 'crlf=1&split=bytes', 'garbage=1&garbage_kind=comment'])('with %s', (knobs) => {
    it.each(streams)('$id', async ({ id, expected }) => {
      expect(heard(await play(id, knobs))).toEqual(expectedOf(expected));
    });
  });

  it.each(streams)('$id cut off before its last event is truncated', async ({ id }) => {
    const last = framesOf(dir, id).findIndex((frame) => frame.includes('message-end'));
    for (const cut of [3, last]) {
      const error = await failureOf(play(id, `cut=${cut}`));
      expect([error.code, error.retryable]).toEqual(['stream_truncated', true]);
    }
  });

  it.each(streams)('$id reset before any byte is unavailable', async ({ id }) => {
    const error = await failureOf(play(id, 'cut=0&reset=1'));
    expect([error.code, error.retryable]).toEqual(['unavailable', true]);
  });

  it.each(streams)('$id with a frame of broken JSON is malformed', async ({ id }) => {
    expect((await failureOf(play(id, 'garbage=2'))).code).toBe('malformed_response');
  });

  it.each(streams)('$id skips and counts a frame it does not know', async ({ id, expected }) => {
    const answer = await play(id, 'garbage=2&garbage_kind=unknown');
    expect(heard(answer)).toEqual(expectedOf(expected));
    expect(answer.warnings).toEqual([expect.objectContaining({ code: 'unknown_frames', count: 1 })]);
  });

  it('are given to a request with everything in it, which the server validates', async () => {
    const answer = await generate(modelFor(streams[0]?.id ?? ''), EVERYTHING, noAbort());
    expect(answer.warnings).toEqual([]);
    expect(server.journal.at(-1)).toMatchObject({ path: `/${WIRE}/v2/chat`, status: 200 });
  });

  it('lists the recordings as models', async () => {
    const models = await provider().listModels(noAbort());
    expect(models).toContainEqual({ id: `fixture:${streams[0]?.id}` });
  });
});
