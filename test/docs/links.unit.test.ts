import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, searchedFiles, type TextFile } from './rules.js';

const LINK = /\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/g;
const HEADING = /^#{1,6} (.+)$/gm;
const ANCHOR = /<a id="([^"]+)">/g;
const FENCE = /^ *```.*?^ *```$/gms;

const pages = searchedFiles().filter(([path]) => path.endsWith('.md'));

/** The anchor that GitHub makes of a heading. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

function anchorsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8').replaceAll(FENCE, '');
  return [
    ...Array.from(text.matchAll(HEADING), ([, heading = '']) => slug(heading)),
    ...Array.from(text.matchAll(ANCHOR), ([, anchor = '']) => anchor),
  ];
}

/** Links of a page that lead nowhere. */
function brokenLinks([page, text]: TextFile): string[] {
  return Array.from(text.replaceAll(FENCE, '').matchAll(LINK), ([link, file = '', anchor]) => {
    const target = file ? relative(ROOT, join(ROOT, dirname(page), file)) : page;
    if (!existsSync(join(ROOT, target))) return `${page}: ${link}`;
    return anchor && !anchorsOf(target).includes(anchor) ? `${page}: ${link}` : '';
  }).filter(Boolean);
}

describe('links between documents', () => {
  it('lead to a file and a heading that exist', () => {
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it.each([
    ['to a file that is not there', '[a](nothing.md)'],
    ['to a heading that is not there', '[a](README.md#nothing)'],
    ['to a heading of the same page that is not there', '[a](#nothing)'],
  ])('are found broken: %s', (_, text) => {
    expect(brokenLinks(['README.md', text])).toHaveLength(1);
  });

  it('are found whole: to a heading, a rule, another site', () => {
    const links = ['[a](#start)', '[b](docs/protocol/transport.md#tr-4)', '[c](https://example.com/x.md#y)'];
    expect(brokenLinks(['README.md', links.join('\n')])).toEqual([]);
  });
});
