import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingsDir, type ReplayServer, startReplayServer } from './recordings.js';
import { createProviders, type ProviderConfigInput } from '../../libs/providers/src/config.js';
import { generate, type GenerateResult } from '../../libs/providers/src/spec/generate.js';
import type { LanguageModel } from '../../libs/providers/src/spec/language-model.js';
import type { ProviderErrorCode } from '../../libs/providers/src/spec/provider-error.js';
import { collect, noAbort, say } from '../../libs/providers/src/testing/prompts.js';
import {
  failureOf,
  knobsFor,
  loadRecordings,
  type Recording,
  told,
  wanted,
} from '../../libs/providers/src/testing/recorded.js';
import { faultsOf } from '../../libs/providers/src/testing/well-formed.js';

/** One wire of recorded answers, and the provider that must understand them. */
export interface RecordedWire {
  readonly wire: string;
  /** Settings of the provider and the name of the model, at a server that plays the recording `fixture`. */
  readonly playerOf: (url: string, fixture: string) => { config: ProviderConfigInput; model: string };
  readonly codeOf: (id: string, status: number) => ProviderErrorCode;
  /** Leave out those that are streamed, for an API that does not stream. */
  readonly wholeOnly?: boolean;
}

/** Ways of the network and of proxies with a stream; see the replay server for what they mean. */
const TORN = [
  'split=bytes',
  'split=bytes&seed=7',
  'split=utf8',
  'crlf=1',
  'crlf=1&split=bytes',
  'ping=1',
  'bom=1',
  'gzip=1',
  'garbage=1&garbage_kind=comment',
];

const MADE_ID: string = expect.stringMatching(/^call_./);

/** Plays all recordings of a wire, whole and torn. Reports itself skipped where there are none. */
export function recordedSuite({ wire, playerOf, codeOf, wholeOnly = false }: RecordedWire): void {
  const dir = recordingsDir();
  const all = (dir ? loadRecordings(dir, wire) : []).filter(({ expected }) => !(wholeOnly && expected.stream));
  const answers = all.filter(({ expected }) => expected.status < 400);
  const failures = all.filter(({ expected }) => expected.status >= 400);
  const streams = answers.filter(({ expected }) => expected.stream);
  const cuttable = streams.filter(({ expected }) => expected.events > 1);
  if (!dir) process.stderr.write(`recordings of ${wire} are skipped: there are none, set CHATKIT_RECORDINGS_DIR\n`);

  describe.skipIf(!dir)(`recorded ${wire}`, () => {
    // Counted as skipped where the lists below are empty, since there is nothing to play.
    it('there are recordings to play (CHATKIT_RECORDINGS_DIR)', () => {
      expect(answers).not.toEqual([]);
    });

    let server: ReplayServer;
    beforeAll(async () => {
      server = await startReplayServer();
    });
    afterAll(() => server.close());

    function modelFor({ id }: Recording, knobs: string): LanguageModel {
      const { config, model } = playerOf(`${server.url}/${wire}`, `fixture:${id}?${knobs}`);
      return createProviders([config])[0]!.model(model);
    }

    const play = (recording: Recording, knobs = ''): Promise<GenerateResult> =>
      generate(modelFor(recording, knobs), say('hello'), noAbort());

    it.each(answers)('$id', async (recording) => {
      const answer = await play(recording, knobsFor(recording.expected));
      expect(told(answer)).toEqual(wanted(recording.expected, MADE_ID));
      expect(answer.warnings).toEqual([]);
    });

    it.each(answers)('$id as well-formed parts', async (recording) => {
      const model = modelFor(recording, knobsFor(recording.expected));
      expect(faultsOf(await collect(model.stream(say('hello'), noAbort())))).toEqual([]);
    });

    it.each(failures)('$id', async (recording) => {
      const error = await failureOf(play(recording));
      const { status } = recording.expected;
      expect([error.code, error.status]).toEqual([codeOf(recording.id, status), status]);
    });

    const torn = TORN.flatMap((knobs) => streams.map((recording) => ({ ...recording, knobs })));
    it.each(torn)('$id with $knobs', async ({ knobs, ...recording }) => {
      expect(told(await play(recording, knobs))).toEqual(wanted(recording.expected, MADE_ID));
    });

    it.each(cuttable)('$id cut off before its last frame is truncated', async (recording) => {
      for (const cut of [1, recording.expected.events - 1]) {
        const error = await failureOf(play(recording, `cut=${cut}`));
        expect([error.code, error.retryable]).toEqual(['stream_truncated', true]);
      }
    });

    it.each(streams)('$id cut off within its last frame is no answer', async (recording) => {
      const error = await failureOf(play(recording, 'trunc=40'));
      expect([error.code, error.retryable]).toEqual(['malformed_response', true]);
    });

    it.each(streams)('$id reset before any byte is unavailable', async (recording) => {
      const error = await failureOf(play(recording, 'cut=0&reset=1'));
      expect([error.code, error.retryable]).toEqual(['unavailable', true]);
    });

    it.each(streams)('$id with a frame of broken JSON is malformed', async (recording) => {
      expect((await failureOf(play(recording, 'garbage=0'))).code).toBe('malformed_response');
    });

    it.each(streams)('$id skips and counts a frame it does not know', async (recording) => {
      const answer = await play(recording, 'garbage=0&garbage_kind=unknown');
      expect(told(answer)).toEqual(wanted(recording.expected, MADE_ID));
      expect(answer.warnings).toEqual([expect.objectContaining({ code: 'unknown_frames', count: 1 })]);
    });
  });
}
