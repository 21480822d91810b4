import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createChatKitFetch } from './create-chatkit-fetch.js';
import { type Cut, FakeRelay } from './testing/fake-relay.js';

const frame = fc.string({ unit: 'grapheme', maxLength: 8 }).map((value) => `data: ${JSON.stringify(value)}\n\n`);
const entry = fc.array(frame, { maxLength: 3 }).map((frames) => frames.join(''));
const cut: fc.Arbitrary<Cut> = fc.record({
  after: fc.nat(120),
  how: fc.constantFrom('breaks' as const, 'ends' as const),
});

it('over any number of cut connections, in any chunks, the reader gets the uncut stream', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { minLength: 1, maxLength: 8 }),
      fc.array(cut, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      async (entries, cuts, sizes) => {
        const relay = new FakeRelay(entries);
        relay.cuts = [...cuts];
        relay.sizes = sizes;
        const chatFetch = createChatKitFetch({ fetch: relay.fetch, retry: { attempts: 99, firstMs: 0, maxMs: 0 } });
        const body = JSON.stringify({ type: 'threads.create', params: {} });
        const response = await chatFetch('/chatkit', { method: 'POST', body });
        expect(await response.text()).toBe(relay.whole);
        expect(relay.received.length).toBeLessThanOrEqual(cuts.length + 1);
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
