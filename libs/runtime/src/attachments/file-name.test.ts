import { describe, expect, it } from 'vitest';
import { fileName } from './file-name.js';

const FAMILY = '👩‍👩‍👧‍👦';

describe('the name of a file', () => {
  it.each(['plan.png', 'a"b%22\n.txt', 'ü'.repeat(255), 'CON', '.gitignore', 'a/b\\c'])(
    'is as it was given: %j',
    (name) => {
      expect(fileName(name)).toBe(name);
    },
  );

  it('has no NUL and no half of a character, which the database could not store', () => {
    expect(fileName('a\0b\ud83d.txt')).toBe('ab\ufffd.txt');
    expect(fileName('\0')).toBe('file');
  });

  it.each([
    ['keeps its extension', 'x'.repeat(300) + '.docx', 'x'.repeat(250) + '.docx'],
    ['keeps both parts of an extension', 'x'.repeat(300) + '.tar.gz', 'x'.repeat(248) + '.tar.gz'],
    ['ends between two characters', 'x'.repeat(250) + '😀.txt', 'x'.repeat(250) + '.txt'],
    ['has no half of a joined character', 'x'.repeat(245) + FAMILY + '.txt', 'x'.repeat(245) + '.txt'],
    ['is joined up to the limit', 'x'.repeat(240) + FAMILY + '.txt', 'x'.repeat(240) + FAMILY + '.txt'],
    ['has no letter without its accent', 'x'.repeat(250) + 'e\u0301.txt', 'x'.repeat(250) + '.txt'],
    ['may have no extension', '😀'.repeat(200), '😀'.repeat(127)],
    ['has no extension that is a sentence', 'x. ' + 'y'.repeat(300), 'x. ' + 'y'.repeat(252)],
    ['is one character with countless accents', 'e' + '\u0301'.repeat(400), 'e' + '\u0301'.repeat(254)],
  ])('that is shortened %s', (_, given, expected) => {
    expect(fileName(given)).toBe(expected);
    expect(fileName(given).length).toBeLessThanOrEqual(255);
  });

  it('is short and whole, wherever the limit falls', () => {
    for (const unit of ['😀', 'é', 'e\u0301', FAMILY, '🇩🇪', '\r\n', '한'])
      for (let padding = 0; padding < unit.length + 2; padding++) {
        const name = fileName('x'.repeat(padding) + unit.repeat(260) + '.txt');
        expect(name.length).toBeLessThanOrEqual(255);
        expect(name).toMatch(new RegExp(`^x{${padding}}(?:${unit})+\\.txt$`, 'u'));
        expect(name.length).toBeGreaterThan(255 - unit.length);
      }
  });
});
