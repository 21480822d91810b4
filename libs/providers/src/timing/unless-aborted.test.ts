import { describe, expect, it } from 'vitest';
import { unlessAborted } from './unless-aborted.js';

const never = new Promise<never>(() => undefined);

describe('work that may be left behind', () => {
  it('gives its result, or its failure', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(signal, Promise.resolve(1))).toBe(1);
    await expect(unlessAborted(signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('is left with the reason when the signal is aborted, before or after it began', async () => {
    await expect(unlessAborted(AbortSignal.abort('cancelled'), never)).rejects.toBe('cancelled');
    const stop = new AbortController();
    const work = unlessAborted(stop.signal, never);
    stop.abort('shutdown');
    await expect(work).rejects.toBe('shutdown');
  });

  it('may come to its own end within the grace', async () => {
    const stop = new AbortController();
    const late = new Promise<string>((resolve) => stop.signal.addEventListener('abort', () => resolve('late')));
    const work = unlessAborted(stop.signal, late, 60_000);
    stop.abort('cancelled');
    expect(await work).toBe('late');
  });
});
