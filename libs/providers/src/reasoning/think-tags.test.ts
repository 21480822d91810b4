import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../spec/language-model.js';
import type { StreamPart } from '../spec/stream-part.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { scriptedModel } from '../testing/scripted-model.js';
import { faultsOf } from '../testing/well-formed.js';
import { ThinkMemory } from './think-memory.js';
import { withThinkTags } from './with-think-tags.js';

const FINISH: StreamPart = { type: 'finish', reason: { unified: 'stop', raw: 'stop' } };

const text = (...deltas: string[]): StreamPart[] => [
  { type: 'text-start', id: 't' },
  ...deltas.map((delta): StreamPart => ({ type: 'text-delta', id: 't', text: delta })),
  { type: 'text-end', id: 't' },
];

async function split(parts: readonly StreamPart[], memory?: ThinkMemory, now?: () => number) {
  const model = withThinkTags(scriptedModel(parts), memory, now);
  const out = await collect(model.stream(say('hello'), noAbort()));
  const joined = (type: StreamPart['type']): string =>
    out.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
  return { out, faults: faultsOf(out), text: joined('text-delta'), reasoning: joined('reasoning-delta') };
}

/** A text cut into deltas at any places. */
const cuts = (whole: string) =>
  fc.array(fc.nat(whole.length), { maxLength: 12 }).map((places) => {
    const sorted = [0, ...places.toSorted((a, b) => a - b), whole.length];
    return sorted.slice(1).map((end, index) => whole.slice(sorted[index], end));
  });

describe('think tags', () => {
  it.each<[string, string, { text: string; reasoning: string }]>([
    ['thoughts, then an answer', '<think>\nHm.</think>\n\nYes.', { text: 'Yes.', reasoning: '\nHm.' }],
    ['no thoughts', 'Yes, a < b.', { text: 'Yes, a < b.', reasoning: '' }],
    ['a tag that is not at the beginning', 'Say <think>x</think>', { text: 'Say <think>x</think>', reasoning: '' }],
    ['white space before the tag', '\n <think>x</think>y', { text: 'y', reasoning: 'x' }],
    ['only the beginning of a tag', '<thi', { text: '<thi', reasoning: '' }],
    ['thoughts that do not end', '<think>for ever </thin', { text: '', reasoning: 'for ever </thin' }],
    ['thoughts without an answer', '<think>x</think>\n', { text: '', reasoning: 'x' }],
    ['a second pair of tags', '<think>a</think>b<think>c</think>', { text: 'b<think>c</think>', reasoning: 'a' }],
    ['nothing at all', '', { text: '', reasoning: '' }],
  ])('%s, cut anywhere', async (_, whole, expected) => {
    await fc.assert(
      fc.asyncProperty(cuts(whole), async (deltas) => {
        const { faults, text: said, reasoning } = await split([...text(...deltas), FINISH]);
        expect({ faults, text: said, reasoning }).toEqual({ faults: [], ...expected });
      }),
    );
  });

  it('leaves a provider alone that tells thoughts by itself', async () => {
    const parts: StreamPart[] = [
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', text: 'Hm.' },
      { type: 'reasoning-end', id: 'r' },
      ...text('<think>', 'x'),
      FINISH,
    ];
    expect((await split(parts)).out).toEqual(parts);
  });

  it('keeps the order when a tool is called before the text has decided', async () => {
    const call: StreamPart = { type: 'tool-call-start', id: 'c', callId: 'c', name: 'f' };
    const parts: StreamPart[] = [
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: '<th' },
      call,
      { type: 'tool-call-end', id: 'c' },
      { type: 'text-end', id: 't' },
      FINISH,
    ];
    expect((await split(parts)).out).toEqual(parts);
  });
});

describe('thoughts whose beginning is not marked', () => {
  const { ref } = scriptedModel([]);
  const remembering = (habit?: 'unmarked' | 'plain') => {
    const memory = new ThinkMemory();
    memory.learn(ref, habit);
    return memory;
  };

  it.each<[string, string, { text: string; reasoning: string }, 'unmarked' | 'plain']>([
    ['thoughts, then an answer', 'Hm.\n</think>\n\nYes.', { text: 'Yes.', reasoning: 'Hm.\n' }, 'unmarked'],
    ['an answer', 'Yes, a < b.', { text: 'Yes, a < b.', reasoning: '' }, 'plain'],
    ['an answer about the tag', 'It is `</think>`.', { text: 'It is `</think>`.', reasoning: '' }, 'plain'],
    ['thoughts without an answer', 'Hm.</think>', { text: '', reasoning: 'Hm.' }, 'unmarked'],
  ])('%s of a model that is not known yet', async (_, whole, expected, learned) => {
    await fc.assert(
      fc.asyncProperty(cuts(whole), async (deltas) => {
        const memory = remembering();
        const { faults, text: said, reasoning } = await split([...text(...deltas), FINISH], memory);
        expect({ faults, text: said, reasoning, learned: memory.of(ref) }).toEqual({
          faults: [],
          ...expected,
          learned,
        });
      }),
    );
  });

  it.each<[string, string, { text: string; reasoning: string }]>([
    ['thoughts', `${'Hm. '.repeat(1_000)}</think>Yes.`, { text: 'Yes.', reasoning: 'Hm. '.repeat(1_000) }],
    // Nobody knows that before its end: it is shown as a thought, and then as what it is.
    ['an answer', 'Yes.', { text: 'Yes.', reasoning: 'Yes.' }],
  ])('%s of a model that is known to think', async (_, whole, expected) => {
    await fc.assert(
      fc.asyncProperty(cuts(whole), async (deltas) => {
        const { faults, text: said, reasoning } = await split([...text(...deltas), FINISH], remembering('unmarked'));
        expect({ faults, text: said, reasoning }).toEqual({ faults: [], ...expected });
      }),
    );
  });

  it('hold back a limited text, for a limited time, of a model that is not known, and are learned from', async () => {
    let time = 0;
    const slow = () => (time += 500);
    for (const [start, now] of [
      ['x'.repeat(1_001), undefined],
      ['x', slow],
    ] as const) {
      const memory = remembering();
      const deltas = [start, 'y', 'z</think>', 'Yes.'];
      const { out, text: said } = await split([...text(...deltas), FINISH], memory, now);
      expect([said, memory.of(ref)]).toEqual([`${start}yzYes.`, 'unmarked']);
      expect(out.filter(({ type }) => type === 'text-delta').length).toBeGreaterThan(1);
    }
  });

  it('are not waited for when the model stops in the middle of them', async () => {
    const hanging: LanguageModel = {
      ...scriptedModel([]),
      async *stream(_, signal) {
        yield* text('so far').slice(0, 2);
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    };
    const stop = new AbortController();
    const seen: string[] = [];
    const listen = async () => {
      for await (const part of withThinkTags(hanging, remembering()).stream(say('hello'), stop.signal)) {
        if (part.type !== 'text-delta') continue;
        seen.push(part.text);
        stop.abort(new Error('enough'));
      }
    };
    await expect(listen()).rejects.toThrow('enough');
    expect(seen).toEqual(['so far']);
  });

  it('are not looked for in the text of a model that answers plainly', async () => {
    const parts = [...text('a', '</think>', 'b'), FINISH];
    expect((await split(parts, remembering('plain'))).out).toEqual(parts);
  });
});
