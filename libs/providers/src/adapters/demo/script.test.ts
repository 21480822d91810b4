import { describe, expect, it } from 'vitest';
import { defaultAnswer, parseScript as parse } from './script.js';

const parseScript = (message: string, seen: number) => parse(message, defaultAnswer(message, seen));
const whole = (message: string, seen = 1) => parseScript(message, seen).deltas.join('');

describe('the default answer', () => {
  it('says that it is a demo, what was written, and how to get a real model', () => {
    const text = whole('Guten Tag\nzweite Zeile');
    expect(text).toContain('**This is the demo provider**');
    expect(text).toContain('> Guten Tag\n> zweite Zeile\n\n');
    expect(text).toContain('`OPENAI_API_KEY`');
    expect(text).toContain('This is the first message of yours');
  });

  it('remembers how often the user has spoken', () => {
    expect(whole('hi', 3)).toContain('I have seen 3 messages of yours in this conversation.');
  });

  it('streams with a small pause', () => {
    const script = parseScript('hi', 1);
    expect(script.deltas.length).toBeGreaterThan(20);
    expect(script).toMatchObject({ delayMs: 10, failAfter: undefined });
  });
});

describe('commands', () => {
  it.each(['(slow)', `(slow) ${'word '.repeat(500)}`])('%s takes at least ten seconds and loses nothing', (message) => {
    const { deltas, delayMs } = parseScript(message, 1);
    expect(deltas.length * delayMs).toBeGreaterThanOrEqual(10_000);
    expect(deltas.length).toBeGreaterThanOrEqual(60);
    expect(deltas.join('')).toBe(whole(message.replace('(slow)', '(s)')).replace('(s)', '(slow)'));
  });

  it('(fail) fails after some deltas', () => {
    expect(parseScript('please (fail)', 1).failAfter).toBe(3);
  });

  it('(tokens=N) counts, at once', () => {
    expect(parseScript('(tokens=3)', 1)).toEqual({
      deltas: ['tok1 ', 'tok2 ', 'tok3 '],
      delayMs: 0,
      failAfter: undefined,
    });
    expect(parseScript('(tokens=0)', 1).deltas).toEqual([]);
  });

  it('(delay=MS) wins over every other pause', () => {
    expect(parseScript('(tokens=2) (delay=7)', 1)).toMatchObject({ deltas: ['tok1 ', 'tok2 '], delayMs: 7 });
    expect(parseScript('(slow) (delay=0)', 1).delayMs).toBe(0);
  });

  it('(tokens=N) with (slow) is slow', () => {
    expect(parseScript('(tokens=60)(slow)', 1)).toMatchObject({ delayMs: 200 });
  });

  it('lowers numbers to their bounds', () => {
    expect(parseScript('(tokens=999999999999)(delay=999999999999)', 1)).toMatchObject({ delayMs: 60_000 });
    expect(parseScript('(tokens=999999999999)', 1).deltas).toHaveLength(100_000);
  });
});
