import { afterEach, describe, expect, it, vi } from 'vitest';
import { BrowserAddress } from './browser-address.js';

function addressAt(path: string): BrowserAddress {
  const { pathname, search } = new URL(path, 'http://relay.test');
  vi.stubGlobal('location', { pathname, search });
  return new BrowserAddress();
}

afterEach(() => vi.unstubAllGlobals());

describe('the browser’s address', () => {
  it.each([
    ['/', undefined],
    ['/c/', undefined],
    ['/c/thr_1', 'thr_1'],
    ['/?thread=thr_1', 'thr_1'],
    ['/c/a%2Fb%20%C3%A4', 'a/b ä'],
    ['/?thread=a%2Fb', 'a/b'],
    ['/c/100%', '100%'],
  ])('%s names %s', (path, threadId) => {
    expect(addressAt(path).threadId).toBe(threadId);
  });

  it.each(['thr_1', 'a/b ä', '100%'])('names %s after it went there', (threadId) => {
    const replaceState = vi.fn<(state: null, title: string, path: string) => void>();
    vi.stubGlobal('history', { replaceState });
    addressAt('/').replace(threadId);
    const [call] = replaceState.mock.calls;
    expect(addressAt(call?.[2] ?? '').threadId).toBe(threadId);
  });
});
