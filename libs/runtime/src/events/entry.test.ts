import { describe, expect, it } from 'vitest';
import { decodeEntries, decodeStored, encodeEntry, withoutFrames } from './entry.js';

type Given = Parameters<typeof encodeEntry>[0];

const anEntry = (fields: Partial<Given> = {}): Given => ({
  runId: 'run_1',
  fence: 1,
  first: 1,
  last: 2,
  opened: [],
  closed: [],
  end: false,
  frames: 'data: {}\n\n',
  ...fields,
});

/** A generator of pseudorandom numbers: the same seed reproduces a failure. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// The codec itself writes line feeds and brackets; the other characters have one, two, three and four bytes.
const ALPHABET = ['a', '\n', '[', '"', ',', '\0', '\u007f', 'ä', '\u2028', '\ufeff', '漢', '😀', '\u{10ffff}'];

function randomEntry(random: (below: number) => number): Given {
  const text = (length: number): string =>
    Array.from({ length: random(length) }, () => ALPHABET[random(ALPHABET.length)]).join('');
  const ids = (): string[] => Array.from({ length: random(4) }, () => text(8));
  const first = 1 + random(1_000_000);
  return {
    runId: `run_${text(6)}`,
    fence: 1 + random(1_000),
    first,
    last: first + random(1_000),
    opened: ids(),
    closed: ids(),
    end: random(2) === 1,
    frames: text(300),
  };
}

const readable = (entries: ReturnType<typeof decodeEntries>) =>
  entries.map((entry) => ({ ...entry, frames: entry.frames?.toString('utf8') }));

describe('entries', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('come back equal, many in one message (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const given = Array.from({ length: 1 + random(20) }, () => randomEntry(random));
    const message = Buffer.from(given.map(encodeEntry).join(''));
    expect(readable(decodeEntries(message))).toEqual(given);
  });

  it('preserve the exact bytes of their frames', () => {
    const frames = `${ALPHABET.join('')}\r\n`;
    expect(decodeStored(Buffer.from(encodeEntry(anEntry({ frames }))))).toMatchObject([
      { frames: Buffer.from(frames) },
    ]);
  });

  it('with lone surrogates have the length of their encoded bytes', () => {
    const message = Buffer.from(
      encodeEntry(anEntry({ frames: 'a\ud800b' })) + encodeEntry(anEntry({ runId: 'run_2' })),
    );
    expect(decodeEntries(message).map(({ runId }) => runId)).toEqual(['run_1', 'run_2']);
  });

  it('are none in an empty message', () => {
    expect(decodeEntries(Buffer.alloc(0))).toEqual([]);
  });
});

describe('an entry without its frames', () => {
  it('has its place, may stand between others and is short, however many items it names', () => {
    const ids = Array.from({ length: 1_000 }, (_, n) => `msg_${n}`);
    const long = encodeEntry(anEntry({ frames: 'ü'.repeat(9_000), opened: ids, closed: ids, end: true, last: 7 }));
    const header = withoutFrames(long);
    expect(Buffer.byteLength(header)).toBeLessThan(100);
    const message = Buffer.from(encodeEntry(anEntry()) + header + encodeEntry(anEntry({ runId: 'run_3' })));
    expect(decodeEntries(message)).toMatchObject([
      { runId: 'run_1' },
      { runId: 'run_1', first: 1, last: 7, end: true, frames: null },
      { runId: 'run_3' },
    ]);
  });

  it('is rejected in a log', () => {
    expect(() => decodeStored(Buffer.from(withoutFrames(encodeEntry(anEntry()))))).toThrow('without frames');
    expect(() => decodeStored(Buffer.alloc(0))).toThrow('without frames');
  });
});

function isRefused(message: Buffer): boolean {
  try {
    decodeEntries(message);
    return false;
  } catch {
    return true;
  }
}

describe('a torn message', () => {
  const whole = Buffer.from(encodeEntry(anEntry()) + encodeEntry(anEntry({ frames: 'data: "ä"\n\n' })));
  const border = Buffer.byteLength(encodeEntry(anEntry()));
  const cuts = Array.from({ length: whole.length - 1 }, (_, index) => index + 1).filter((cut) => cut !== border);

  it('is refused wherever it is cut', () => {
    const accepted = cuts.filter((cut) => !isRefused(whole.subarray(0, cut)));
    expect(accepted).toEqual([]);
  });

  it.each(['nonsense', 'nonsense\n', '{}\n', 'null\n'])('is refused when it is %j', (text) => {
    expect(isRefused(Buffer.from(text))).toBe(true);
  });
});
