import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkedFrames } from './marked-frames.js';

const utf8 = new TextEncoder();
const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

function read(frames: MarkedFrames, chunks: readonly (string | Uint8Array)[]): string[] {
  return chunks.map((chunk) => text(frames.push(typeof chunk === 'string' ? utf8.encode(chunk) : chunk)));
}

describe('a marked stream', () => {
  it('returns frames once their mark has arrived, and remembers the mark', () => {
    const frames = new MarkedFrames();
    expect(read(frames, ['data: a\n\n', 'data: b\n\nid: 1-2\n\ndata: c', '\n\n'])).toEqual([
      '',
      'data: a\n\ndata: b\n\n',
      '',
    ]);
    expect(frames.cursor).toBe('1-2');
    frames.reconnected();
    expect(read(frames, ['data: c\n\nid: end\n\n'])).toEqual(['data: c\n\n']);
    expect([frames.cursor, frames.ended]).toEqual(['1-2', true]);
  });

  it('drops heartbeats, and keeps what only looks like a mark', () => {
    const frames = new MarkedFrames();
    const frame = 'data: "id: end"\n\n';
    expect(read(frames, [':\n\n', frame, ':\n\n', 'id: 1-1\n\n']).join('')).toBe(frame);
    expect(frames.ended).toBe(false);
  });

  it('yields the same frames for any chunks, cut anywhere', () => {
    const frame = fc.string({ unit: 'binary', maxLength: 12 }).map((value) => `data: ${JSON.stringify(value)}\n\n`);
    const entry = fc.tuple(fc.array(frame, { maxLength: 4 }), fc.boolean());
    const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), pieces, fc.nat(), (entries, sizes, cutAt) => {
        const whole = entries.map(([frames]) => frames.join('')).join('');
        const marked = entries.map(([frames, beat], n) => `${frames.join('')}id: 1-${n}\n\n${beat ? ':\n\n' : ''}`);
        const bytes = utf8.encode(marked.join(''));
        const cut = bytes.length === 0 ? 0 : cutAt % (bytes.length + 1);

        const reading = new MarkedFrames();
        let seen = '';
        const feed = (part: Uint8Array): void => {
          for (let offset = 0, n = 0; offset < part.length; n += 1) {
            const size = sizes[n % sizes.length] ?? 1;
            seen += text(reading.push(part.slice(offset, offset + size)));
            offset += size;
          }
        };
        feed(bytes.slice(0, cut));
        reading.reconnected();
        const from = reading.cursor === undefined ? 0 : Number(reading.cursor.split('-')[1]) + 1;
        feed(utf8.encode(marked.slice(from).join('')));
        expect(seen).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });
});
