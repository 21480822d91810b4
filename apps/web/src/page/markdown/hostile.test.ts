import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SourceList } from '../items/sources.js';
import { Markdown } from './markdown.js';

// Rendered without a boundary around it: what throws here would be caught on the page, and fails the test.
const render = (text: string): string => renderToStaticMarkup(createElement(Markdown, { text, scope: 'msg_1' }));

const ADDRESSES = [
  'https://%zz',
  'https://%',
  'http://[::1',
  'https://',
  '//',
  'https://a b',
  'javascript:alert(1)',
  'JAVASCRIPT&colon;alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'blob:x',
  'https://user:pass@%00.example',
  'https://xn--',
  'https://\u202Eexample.com',
  '\u0000',
  '%E0%A4%A',
  '#%zz',
  'mailto:%',
  '\ud800',
];
const MARKS = [
  (url: string) => `![](${url})`,
  (url: string) => `![a](<${url}>)`,
  (url: string) => `[a](${url})`,
  (url: string) => `[![](${url})](${url})`,
  (url: string) => `<${url}>`,
  (url: string) => `a ${url} b`,
  (url: string) => `[r]\n\n[r]: ${url}`,
  (url: string) => `| a |\n|---|\n| ![](${url}) |`,
  (url: string) => `[^1]\n\n[^1]: ![](${url})`,
];

const snippet = fc.oneof(
  fc.constantFrom(
    '# ',
    '- [ ] ',
    '> ',
    '```',
    '~~~',
    '$$',
    '$',
    '\\(',
    '\\[',
    '|',
    '---',
    '[^1]',
    '[',
    '](',
    '![',
    '**',
    '_',
  ),
  fc.constantFrom(
    '<script>',
    '<img src=x onerror=alert(1)>',
    '&#0;',
    '&#x110000;',
    '\\',
    '\n',
    '\n\n',
    '\t',
    '`',
    '~~',
    '<!--',
  ),
  fc.tuple(fc.constantFrom(...MARKS), fc.constantFrom(...ADDRESSES)).map(([mark, url]) => mark(url)),
  fc.string({ maxLength: 8, unit: 'binary' }),
);

describe('whatever an answer says', () => {
  beforeEach(() => void vi.stubGlobal('location', new URL('https://chat.example.com/')));

  it('every address, in every place, is drawn, and none is a script', () => {
    for (const url of ADDRESSES) {
      for (const mark of MARKS) {
        expect(render(mark(url))).not.toMatch(/(href|src)="\s*(javascript|data:text|vbscript)/i);
      }
      const source = { type: 'url', title: '', url } as const;
      expect(renderToStaticMarkup(createElement(SourceList, { sources: [source] }))).not.toMatch(
        /href="\s*(javascript|data)/i,
      );
    }
  });

  it('any text is drawn, without elements of its own', () => {
    fc.assert(
      fc.property(fc.array(snippet, { maxLength: 14 }), (parts) => {
        expect(render(parts.join(''))).not.toMatch(/<(script|iframe|style)|<[^>]*\son\w+=|href="\s*javascript:/i);
      }),
      { numRuns: 200 },
    );
  });

  it('the beginning of any text is drawn, as it is while it grows', () => {
    fc.assert(
      fc.property(fc.array(snippet, { maxLength: 6 }), (parts) => {
        const text = parts.join('');
        for (let length = 1; length <= text.length; length += 3)
          expect(render(text.slice(0, length))).toContain('markdown');
      }),
      { numRuns: 25 },
    );
  });

  it('is never lost: a text without marks is all there', () => {
    expect(render('Here: ![](https://%zz) done')).toContain('done');
  });
});
