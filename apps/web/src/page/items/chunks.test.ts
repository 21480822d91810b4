import { describe, expect, it } from 'vitest';
import { assistant } from '../../chat/testing.js';
import { asEntries } from '../../protocol/fold.js';
import { type Chunk, divide } from './chunks.js';

const entries = (from: number, to: number) =>
  asEntries(Array.from({ length: to - from }, (_, index) => assistant(`msg_${from + index}`, 'Hi')));
const lengths = (chunks: readonly Chunk[]) => chunks.map((chunk) => chunk.entries.length);

describe('chunks of entries', () => {
  const shown = entries(100, 120);
  const one = divide([], shown);

  it('hold all of them in order, each under a key of its own', () => {
    const chunks = divide(one, [...entries(80, 100), ...shown, ...entries(120, 150)]);
    expect(chunks.flatMap((chunk) => chunk.entries.map(({ item }) => item.id))).toEqual(
      Array.from({ length: 70 }, (_, index) => `msg_${80 + index}`),
    );
    expect(Math.max(...lengths(chunks))).toBeLessThanOrEqual(8);
    expect(new Set(chunks.map(({ key }) => key)).size).toBe(chunks.length);
  });

  it('stay what they are when a page of earlier entries comes before them', () => {
    const chunks = divide(one, [...entries(80, 100), ...shown]);
    expect(chunks.slice(-one.length)).toEqual(one);
    expect(chunks.at(-1)).toBe(one.at(-1));
    expect(lengths(chunks.slice(0, -one.length))).toEqual([4, 8, 8]);
    const more = divide(chunks, [...entries(60, 80), ...entries(80, 100), ...shown]);
    expect(new Set(more.map(({ key }) => key)).size).toBe(more.length);
  });

  it('stay what they are while the last entry of the last one grows', () => {
    const all = entries(0, 12);
    const two = divide([], all);
    const [first, second] = divide(two, [...all.slice(0, 11), ...asEntries([assistant('msg_11', 'Hi there')])]);
    expect(first).toBe(two[0]);
    expect(second).not.toBe(two[1]);
    expect(second?.key).toBe(two[1]?.key);
  });

  it('keep the others when an entry is taken away, or all change places', () => {
    const two = divide([], entries(0, 12));
    const [first, second] = divide(two, two.flatMap((chunk) => chunk.entries).toSpliced(10, 1));
    expect(first).toBe(two[0]);
    expect(second?.entries).toHaveLength(3);
    const turned = divide(two, entries(0, 12).toReversed());
    expect(new Set(turned.map(({ key }) => key)).size).toBe(turned.length);
    expect(lengths(turned)).toEqual([12]);
  });
});
