import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IMAGES_AND_PDF, type AcceptedFiles } from '../attachments/accepted-files.js';
import { withAcceptedFiles } from '../attachments/with-accepted-files.js';
import { storedData } from '../http/stored-bytes.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import type { ProviderPolicies } from '../spec/policy-config.js';
import type { ProviderError } from '../spec/provider-error.js';
import { eventually } from '../testing/guarded.js';
import { failureOf } from '../testing/failure-of.js';
import { noAbort, say } from '../testing/prompts.js';
import { answering, failing, scriptedProvider, type Step } from '../testing/scripted-provider.js';
import { sleep } from '../timing/sleep.js';
import { MemoryPolicyState } from './memory-policy-state.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How long all wait for their bytes: longer than the provider has for its first token. */
const QUEUED_MS = 1_000;
const POLICIES: ProviderPolicies = {
  limits: { concurrency: 1 },
  deadlines: { firstTokenMs: 100 },
  breaker: { failures: 1 },
};

interface World {
  readonly policies?: ProviderPolicies;
  readonly accepted?: AcceptedFiles | null;
  readonly scripts?: readonly (readonly Step[])[];
}

/** A model that is given whole files, and everybody's bytes, which come when they have been waited for. */
function world({ policies = POLICIES, accepted = null, scripts = [answering('hi')] }: World = {}) {
  const raw = scriptedProvider('p', { policies });
  raw.script(...scripts);
  const state = new MemoryPolicyState();
  const bytes = { held: 0, reservations: 0 };
  const reserve = async (wanted: number, signal = noAbort()): Promise<() => void> => {
    await sleep(QUEUED_MS, signal);
    bytes.held += wanted;
    bytes.reservations++;
    return () => void (bytes.held -= wanted);
  };
  const data = storedData({
    key: randomUUID(),
    size: 3,
    open: async () => Readable.from([Buffer.from('abc')]),
    toRead: reserve,
    toSend: reserve,
  });
  const attempts: ModelAttempt[] = [];
  const registry = createRegistry([withAcceptedFiles(raw, accepted, true)], { state });
  const report = (attempt: ModelAttempt) => void attempts.push(attempt);
  const withFile: ModelCall = {
    prompt: [{ role: 'user', content: [{ type: 'file', mediaType: 'text/plain', name: 'a.txt', data }] }],
    report,
  };
  const ask = (call: ModelCall, signal = noAbort()) => generate(registry.resolve('p/m'), call, signal);
  return { raw, state, bytes, attempts, withFile, ask };
}

describe('a call that waits for our own files', () => {
  it('leaves the provider its time, and is no failure of it', async () => {
    const { ask, withFile, attempts, bytes, state, raw } = world();
    expect(await eventually(ask(withFile))).toMatchObject({ text: 'hi' });
    expect(attempts).toMatchObject([{ outcome: 'completed' }]);
    expect(attempts[0]?.durationMs).toBeLessThan(100);
    expect(raw.calls[0]?.call.prompt[0]?.content).toMatchObject([{ data: { data: 'YWJj' } }]);
    expect(raw.calls[0]?.call).not.toHaveProperty('fitted');
    expect(await state.breaker('p/m')).toMatchObject({ failures: 0 });
    expect(bytes).toEqual({ held: 0, reservations: 1 });
  });

  it('takes no place from a call without files', async () => {
    const { ask, withFile, raw } = world();
    const files = ask(withFile);
    await vi.advanceTimersByTimeAsync(QUEUED_MS / 2);
    expect(await ask(say('hello'))).toMatchObject({ text: 'hi' });
    expect(raw.calls).toHaveLength(1);
    await eventually(files);
    expect(raw.calls).toHaveLength(2);
  });

  it.each([
    ['before it may be read', IMAGES_AND_PDF],
    ['before it may be held', null],
  ])('ends with its deadline %s, without any attempt', async (_, accepted) => {
    const deadlines = { ...POLICIES.deadlines, totalMs: 300 };
    const policies = { ...POLICIES, deadlines };
    const { ask, withFile, attempts, state, raw, bytes } = world({ policies, accepted });
    const failed = vi.fn<(error: ProviderError) => void>();
    void failureOf(ask(withFile)).then(failed);
    await vi.advanceTimersByTimeAsync(299);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2);
    expect(failed.mock.calls).toMatchObject([[{ code: 'timeout', phase: 'total' }]]);
    expect([attempts, raw.calls]).toEqual([[], []]);
    expect(await state.breaker('p/m')).toMatchObject({ failures: 0 });
    await vi.runAllTimersAsync();
    await vi.waitFor(() => expect(bytes.held).toBe(0));
  });

  it('gives back what it holds where the provider fails, and reserves it anew for another attempt', async () => {
    const policies = { ...POLICIES, breaker: false } as const;
    const scripts = [[failing('unavailable')], answering('hi')];
    const { ask, withFile, bytes } = world({ policies, scripts });
    expect(await eventually(ask(withFile))).toMatchObject({ text: 'hi' });
    expect(bytes).toEqual({ held: 0, reservations: 2 });
  });

  it('reads nothing of what the model has refused', async () => {
    const refused = failing('bad_request', { refused: [{ feature: 'files', lasts: false }] });
    const { ask, withFile, bytes, raw } = world({ scripts: [[refused], answering('hi')] });
    const { warnings } = await eventually(ask(withFile));
    expect(warnings).toMatchObject([{ notice: 'The chosen model could not read an attached file.' }]);
    expect(JSON.stringify(raw.calls[1]?.call.prompt)).toContain('which this model cannot read');
    expect(bytes).toEqual({ held: 0, reservations: 1 });
  });
});
