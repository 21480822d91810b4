import { describe, expect, it } from 'vitest';
import { firstIdAt, type IdKind, idMaker, newId, timeOfId } from './ids.js';

const ones = (bytes: number) => Buffer.alloc(bytes, 0xff);
const zeros = (bytes: number) => Buffer.alloc(bytes);

describe('newId', () => {
  it.each<[IdKind, string]>([
    ['thread', 'thr'],
    ['message', 'msg'],
    ['tool_call', 'tc'],
    ['workflow', 'wf'],
    ['task', 'tsk'],
    ['attachment', 'atc'],
    ['stop_marker', 'shcx'],
    ['run', 'run'],
  ])('%s: %s_ and 128 bits [ID-2]', (kind, prefix) => {
    expect(newId(kind)).toMatch(new RegExp(`^${prefix}_[0-9a-v]{26}$`));
  });

  it('never repeats itself and always ascends [ID-1]', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('message'));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is not what another process makes in the same millisecond', () => {
    const [here, there] = [idMaker(() => 5), idMaker(() => 5)];
    expect(here('run')).not.toBe(there('run'));
  });
});

describe('idMaker', () => {
  it('sorts by time first', () => {
    let now = 1_700_000_000_000;
    const early = idMaker(() => now, ones)('message');
    now += 1;
    expect(idMaker(() => now, zeros)('message') > early).toBe(true);
  });

  it.each([0, -60_000])('ascends when the clock moves by %i ms', (step) => {
    let now = 1_700_000_000_000;
    const make = idMaker(() => (now += step), zeros);
    const ids = Array.from({ length: 100 }, () => make('message'));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(100);
  });

  it('ascends when the random bits of a millisecond are used up', () => {
    const make = idMaker(() => 1_700_000_000_000, ones);
    const [first, second] = [make('run'), make('run')];
    expect(second > first).toBe(true);
    expect(second).toHaveLength(first.length);
  });

  it('keeps its length in every year', () => {
    expect(idMaker(() => 0, zeros)('run')).toHaveLength(idMaker(() => 2 ** 48 - 1, zeros)('run').length);
  });
});

describe('the time of an id', () => {
  const time = new Date(1_700_000_000_000);
  const made = idMaker(() => time.getTime(), ones)('run');

  it('is the one at which it was made', () => {
    expect(timeOfId(made)).toEqual(time);
    expect(timeOfId(firstIdAt('run', time))).toEqual(time);
  });

  it('puts it between the first of its millisecond and the first of the next, in the order of code points and of a language', () => {
    const next = new Date(time.getTime() + 1);
    // Databases have the order of the language that they were made with.
    for (const compare of [(a: string, b: string) => (a < b ? -1 : 1), new Intl.Collator('en').compare]) {
      expect(compare(firstIdAt('run', time), made)).toBe(-1);
      expect(compare(made, firstIdAt('run', next))).toBe(-1);
      expect(compare(idMaker(() => 2 ** 48 - 1, ones)('run'), firstIdAt('run', new Date(2 ** 48)))).toBe(-1);
    }
  });
});
