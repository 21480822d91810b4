import { describe, expect, it } from 'vitest';
import type { ModelAttempt } from '../spec/model-attempt.js';
import type { Transcript } from '../spec/provider.js';
import { ProviderError, type ProviderErrorCode } from '../spec/provider-error.js';
import { SpeechMeter } from './speech-meter.js';

const ref = { provider: 'p', model: 'ears' };
/** Ten seconds, as far as bytes tell. */
const speech = { bytes: new Uint8Array(40_000), mediaType: 'audio/webm' };
const PRICE = { input: 10, output: 100 };

async function measured(
  ask: () => Promise<string | Transcript>,
  { price, signal = new AbortController().signal }: { price?: object; signal?: AbortSignal } = {},
): Promise<{ readonly text: string | undefined; readonly attempts: ModelAttempt[] }> {
  const attempts: ModelAttempt[] = [];
  const meter = new SpeechMeter(ref, speech, price === undefined ? undefined : { ...PRICE, ...price });
  const text = await meter.measure(ask, signal, { report: (attempt) => attempts.push(attempt) }).catch(() => undefined);
  return { text, attempts };
}

const failing = (code: ProviderErrorCode) => () => Promise.reject(new ProviderError(code, { ref, detail: 'no' }));

describe('a transcription', () => {
  it.each<[string, string | Transcript, object]>([
    [
      'as the provider counts it',
      { text: 'Hello', usage: { inputTokens: 70, outputTokens: 2 } },
      { usage: { inputTokens: 70, outputTokens: 2 }, usageIs: 'reported', costMicros: 900 },
    ],
    [
      'by the seconds that it tells',
      { text: 'Hello!', seconds: 30 },
      { usage: { inputTokens: 300, outputTokens: 2, totalTokens: 302 }, usageIs: 'estimated', costMicros: 3_200 },
    ],
    [
      'by its bytes where it tells nothing',
      'Hello!',
      { usage: { inputTokens: 100, outputTokens: 2, totalTokens: 102 }, usageIs: 'estimated', costMicros: 1_200 },
    ],
    [
      'by its bytes where it tells what cannot be',
      { text: 'Hello!', seconds: -1, usage: { inputTokens: 1e12, outputTokens: 3 } },
      { usage: { inputTokens: 100 }, usageIs: 'estimated' },
    ],
  ])('is counted %s', async (_, answer, expected) => {
    const { text, attempts } = await measured(async () => answer, { price: {} });
    expect(text).toBe(typeof answer === 'string' ? answer : answer.text);
    expect(attempts).toMatchObject([{ ref, outcome: 'completed', ...expected, characters: text?.length }]);
  });

  it('that is charged by the minute costs what its minutes cost', async () => {
    const timed = await measured(async () => ({ text: '', seconds: 90 }), { price: { minute: 0.006 } });
    expect(timed.attempts).toMatchObject([{ costMicros: 9_000 }]);
    const unknown = await measured(async () => '', { price: { minute: 0.006 } });
    expect(unknown.attempts).toMatchObject([{ costMicros: 1_000 }]);
  });

  it('costs nothing where the provider refuses it, and what was sent where nobody knows', async () => {
    const refused = await measured(failing('bad_key'), { price: {} });
    expect(refused.attempts).toMatchObject([
      { outcome: 'failed', error: { code: 'bad_key' }, usage: {}, costMicros: 0 },
    ]);
    const late = await measured(failing('timeout'), { price: {} });
    expect(late.attempts).toMatchObject([{ outcome: 'failed', usage: { inputTokens: 100 }, costMicros: 1_000 }]);
    const stopped = await measured(() => Promise.reject(new Error('enough')), { signal: AbortSignal.abort() });
    expect(stopped.attempts).toMatchObject([{ outcome: 'aborted', usage: { inputTokens: 100 }, usageIs: 'estimated' }]);
  });
});
