import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkdownStream } from './markdown-stream.js';

/** With the codes of styles as tags, to be read. */
const NAMES: Readonly<Record<string, string>> = { 0: '/', 1: 'b', 2: 'dim', 3: 'i', 4: 'u', 36: 'code' };

function drawn(parts: readonly string[]): string {
  const stream = new MarkdownStream();
  const out = parts.map((part) => stream.write(part)).join('') + stream.end();
  // oxlint-disable-next-line no-control-regex
  return out.replaceAll(/\u001B\[(\d+)m/g, (_, code: string) => `<${NAMES[code]}>`);
}

const letters = (text: string): string => text.replaceAll(/<[^>]*>|[^a-z]/g, '');

describe('Markdown at a terminal', () => {
  it.each([
    ['plain text\nin two lines', 'plain text\nin two lines'],
    ['# A title\ntext', '</><b>A title</>\ntext'],
    ['some **bold** and *italic* and `code`', 'some </><b>bold</> and </><i>italic</> and </><code>code</>'],
    ['***both***', '</><b></><b><i>both</><i></>'],
    ['2 * 3 * 4, snake_case_name, a\\*b', '2 * 3 * 4, snake_case_name, a*b'],
    ['`a * b`', '</><code>a * b</>'],
    ['- one\n  - two\n1. three', '• one\n  • two\n1. three'],
    ['> said', '<dim>│</> said'],
    ['a\n\n---\nb', `a\n\n<dim>${'─'.repeat(40)}</>\nb`],
    ['```js\nconst a = "**";\n```\nafter', '<dim>  js</>\n  <code>const a = "**";</>\nafter'],
    ['see [the page](https://example.com/a_b) now', 'see <u>the page</><dim> (https://example.com/a_b)</> now'],
    ['[https://a.b](https://a.b)', '<u>https://a.b</>'],
    ['an [aside] and [x', 'an [aside] and [x'],
    ['**never closed\nnext', '</><b>never closed</>\nnext'],
  ])('%j', (text, expected) => expect(drawn([text])).toBe(expected));

  it('is the same in whatever pieces it arrives', () => {
    const words = fc.constantFrom(
      '**',
      '*',
      '_',
      '`',
      '```',
      '\n',
      ' ',
      '- ',
      '# ',
      '> ',
      '[a](b)',
      '[',
      '1. ',
      '---',
      'word',
      'ü',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        expect(drawn([...text])).toBe(drawn([text]));
        expect(drawn(parts)).toBe(drawn([text]));
      }),
    );
  });

  it('loses no letter', () => {
    const words = fc.constantFrom('**', '*', '_', '`', ' ', 'a', 'bc', '\n', '# ', '[', ']', '(x)');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
        expect(letters(drawn(parts))).toBe(letters(parts.join('')));
      }),
    );
  });
});
