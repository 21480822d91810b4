import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endFrameOf } from '../../../../test/support/recordings/end-frame.js';
import { expectedFailure } from '../../../../test/support/recordings/expected-failure.js';
import type { Format } from '../../../../test/support/recordings/expected.js';
import { OWN_RECORDINGS } from '../../../../test/support/recordings/folders.js';
import { loadRecordings, type Recording } from '../../../../test/support/recordings/recording.js';
import { framesOf } from '../../../../test/support/replay-server/frames.js';
import { MessageReader } from '../adapters/anthropic/answer/from-wire.js';
import { CohereReader } from '../adapters/cohere/answer/from-wire.js';
import { GenerationReader } from '../adapters/huggingface/answer/from-wire.js';
import { OllamaAnswerReader } from '../adapters/ollama/answer/from-wire.js';
import { ResponseReader } from '../adapters/openai/responses/answer/from-wire.js';
import { chatReader, CONTEXT, readChunks } from '../testing/chat-stream.js';
import type { AnswerReader } from '../wire/answer-reader.js';

const READERS: Readonly<Record<Format, () => AnswerReader>> = {
  'openai-chat': () => chatReader(),
  'openai-responses': () => new ResponseReader(CONTEXT, () => 'made'),
  'anthropic-messages': () => new MessageReader(CONTEXT, () => 'made'),
  'cohere-v2-chat': () => new CohereReader(CONTEXT, () => 'made'),
  'ollama-chat': () => new OllamaAnswerReader(CONTEXT, () => 'made'),
  'hf-tgi': () => new GenerationReader(CONTEXT),
};

const streams = loadRecordings(OWN_RECORDINGS).filter(
  (one) => one.encoding !== 'json' && one.expected.status < 400 && !expectedFailure(one) && endFrameOf(one),
);

const read = ({ format, encoding }: Recording, chunks: readonly Uint8Array[]) =>
  readChunks(chunks, {
    reader: READERS[format](),
    framing: encoding === 'ndjson' ? 'ndjson' : undefined,
    contentType: encoding === 'ndjson' ? 'application/x-ndjson' : 'text/event-stream',
  });

/** What a frame may become on its way. */
const DAMAGE = [
  (frame: string) => frame.replace('{', '{oops '),
  (frame: string) => `${frame.trimEnd().slice(0, -2)}\n\n`,
  () => 'data: <html>502</html>\n\n',
  () => 'data: [1, 2\n\n',
];

describe.each(streams.map((one) => [one.id, one] as const))('%s', (_, recording) => {
  const body = readFileSync(recording.file);

  it('gives the same parts wherever the network cuts', async () => {
    const whole = await read(recording, [body]);
    const cuts = fc.uniqueArray(fc.nat(body.length), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const ends = [...places.toSorted((a, b) => a - b), body.length];
        const chunks = ends.map((end, at) => body.subarray(ends[at - 1] ?? 0, end)).filter(({ length }) => length > 0);
        expect((await read(recording, chunks)).parts).toEqual(whole.parts);
      }),
      { numRuns: 20 },
    );
  });

  it.runIf(recording.encoding === 'sse')('loses nothing but a frame that is damaged', async () => {
    const frames = framesOf(body, 'sse');
    const last = endFrameOf(recording)?.index ?? 0;
    for (const [at, damage] of frames
      .slice(0, last)
      .flatMap((__, place) => DAMAGE.map((one) => [place, one] as const))) {
      const damaged = frames.with(at, Buffer.from(damage(frames[at]!.toString())));
      const [got, without] = await Promise.all([read(recording, damaged), read(recording, frames.toSpliced(at, 1))]);
      const { warnings: _w, ...rest } = got.answer;
      const { warnings: _o, ...wanted } = without.answer;
      expect([at, got.error?.code, rest]).toEqual([at, without.error?.code, wanted]);
    }
  });
});
