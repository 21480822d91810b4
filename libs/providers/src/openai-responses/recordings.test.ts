import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingsDir, type ReplayServer, startReplayServer } from '../../../../test/support/recordings.js';
import { createProviders } from '../config.js';
import { generate, type GenerateResult } from '../spec/generate.js';
import type { LanguageModel } from '../spec/language-model.js';
import type { ProviderErrorCode } from '../spec/provider-error.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { failureOf, framesOf, knobsFor, loadRecordings, told, wanted } from '../testing/recorded.js';
import { faultsOf } from '../testing/well-formed.js';

const WIRE = 'openai-responses';

const dir = recordingsDir();
const all = dir ? loadRecordings(dir, WIRE) : [];
const answers = all.filter(({ expected }) => expected.status < 400);
const failures = all.filter(({ expected }) => expected.status >= 400);
const streams = answers.filter(({ expected }) => expected.stream);
const withDone = streams.filter(({ id }) => framesOf(dir, id).some((frame) => frame.includes('[DONE]')));

const BY_NAME: readonly (readonly [RegExp, ProviderErrorCode])[] = [
  [/nonexistent-model-error|model-name-suggestion/, 'model_unknown'],
  [/context-length/, 'context_too_long'],
  [/error-401/, 'bad_key'],
];

const expectedCode = (id: string) => BY_NAME.find(([pattern]) => pattern.test(id))?.[1] ?? 'bad_request';

if (!dir) process.stderr.write('recorded responses are skipped: there are no recordings, set CHATKIT_RECORDINGS_DIR\n');

/** Every recorded call has an id. */
const NO_ID = 'none';

describe.skipIf(!dir)('recorded responses', () => {
  // Counted as skipped where the lists below are empty, since there is nothing to play.
  it('there are recorded responses to play (CHATKIT_RECORDINGS_DIR)', () => {
    expect(streams).not.toEqual([]);
    expect(withDone).not.toEqual([]);
  });

  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer();
  });
  afterAll(() => server.close());

  function modelFor(id: string, knobs = ''): LanguageModel {
    const [provider] = createProviders([
      { kind: 'openai', wire: 'responses', baseUrl: `${server.url}/${WIRE}`, apiKey: 'sk-recorded-key' },
    ]);
    if (!provider) throw new Error('no provider');
    return provider.model(`fixture:${id}?${knobs}`);
  }

  function play(id: string, knobs = ''): Promise<GenerateResult> {
    return generate(modelFor(id, knobs), say('hello'), noAbort());
  }

  it.each(answers)('$id', async ({ id, expected }) => {
    const answer = await play(id, knobsFor(expected));
    expect(told(answer)).toEqual(wanted(expected, NO_ID));
    expect(answer.warnings).toEqual([]);
  });

  it.each(answers)('$id as well-formed parts', async ({ id, expected }) => {
    const parts = await collect(modelFor(id, knobsFor(expected)).stream(say('hello'), noAbort()));
    expect(faultsOf(parts)).toEqual([]);
  });

  it.each(failures)('$id', async ({ id, expected }) => {
    const error = await failureOf(play(id));
    expect([error.code, error.status]).toEqual([expectedCode(id), expected.status]);
    expect(error.detail).not.toContain('sk-recorded-key');
  });

  const kinds = ['split=bytes', 'split=bytes&seed=7', 'split=utf8', 'crlf=1', 'ping=1', 'bom=1', 'gzip=1'];
  describe.each([...kinds, 'crlf=1&split=bytes', 'garbage=1&garbage_kind=comment'])('with %s', (knobs) => {
    it.each(streams)('$id', async ({ id, expected }) => {
      expect(told(await play(id, knobs))).toEqual(wanted(expected, NO_ID));
    });
  });

  it.each(withDone)('$id without [DONE] is whole, because it says that it is completed', async ({ id, expected }) => {
    expect(told(await play(id, 'nodone=1'))).toEqual(wanted(expected, NO_ID));
  });

  it.each(streams)('$id cut off before its last event is truncated', async ({ id }) => {
    const last = framesOf(dir, id).findIndex((frame) => frame.includes('"response.completed"'));
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
    expect(told(answer)).toEqual(wanted(expected, NO_ID));
    expect(answer.warnings).toEqual([expect.objectContaining({ code: 'unknown_frames', count: 1 })]);
  });
});
