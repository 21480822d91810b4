import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../spec/stream-part.js';
import { collect, noAbort, say } from '../testing/prompts.js';
import { scriptedModel } from '../testing/scripted-model.js';
import { faultsOf } from '../testing/well-formed.js';
import { withThinkTags } from './with-think-tags.js';

const FINISH: StreamPart = { type: 'finish', reason: { unified: 'stop', raw: 'stop' } };

const text = (...deltas: string[]): StreamPart[] => [
  { type: 'text-start', id: 't' },
  ...deltas.map((delta): StreamPart => ({ type: 'text-delta', id: 't', text: delta })),
  { type: 'text-end', id: 't' },
];

async function split(parts: readonly StreamPart[]) {
  const out = await collect(withThinkTags(scriptedModel(parts)).stream(say('hello'), noAbort()));
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
