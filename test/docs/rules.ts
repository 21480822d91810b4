import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
const RULE_PAGES = join('docs', 'protocol');
const FOLDERS = ['apps', 'deploy', 'docs', 'examples', 'libs', 'prisma', 'test', 'tools'];
const SEARCHED = [...FOLDERS, 'CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md'];
const TEXT = /\.(?:[cm]?[jt]sx?|json|md|prisma|py|sql|ya?ml)$/;
const SKIPPED = /(?:^|\/)(?:node_modules|generated|dist|\.venv)(?:\/|$)/;

/** A rule's definition: `<a id="tr-4"></a>**TR-4**`. */
const DEFINITION = /<a id="([a-z]+-\d+)"><\/a>\*\*([A-Z]+-\d+)\*\*/g;
const IN_BRACKETS = /\[([A-Z]{2,4}-\d+(?:, [A-Z]{2,4}-\d+)*)\]/g;

export interface Definition {
  readonly id: string;
  readonly anchor: string;
  readonly page: string;
}

/** Where an id is cited, as `file:line`. */
export type Citations = ReadonlyMap<string, readonly string[]>;

/** A document or source file and its text. */
export type TextFile = readonly [path: string, text: string];

export const ruleFiles = (): TextFile[] => filesUnder(RULE_PAGES);
export const searchedFiles = (): TextFile[] => SEARCHED.flatMap(filesUnder);

function filesUnder(path: string): TextFile[] {
  const names = TEXT.test(path) ? [path] : readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => (name === path ? path : join(path, name)))
    .filter((name) => TEXT.test(name) && !SKIPPED.test(name))
    .map((name) => [name, readFileSync(join(ROOT, name), 'utf8')]);
}

export function definitionsIn(files: readonly TextFile[]): Definition[] {
  return files.flatMap(([page, text]) =>
    Array.from(text.matchAll(DEFINITION), ([, anchor = '', id = '']) => ({ id, anchor, page })),
  );
}

/**
 * Ids that the files cite: in square brackets whatever they begin with, elsewhere those that begin like a rule.
 * @param families `TR`, `SER` …
 */
export function citationsIn(files: readonly TextFile[], families: readonly string[]): Citations {
  const bare = new RegExp(String.raw`\b(?:${families.join('|')})-\d+\b`, 'g');
  const citations = new Map<string, string[]>();
  for (const [path, text] of files) {
    for (const [i, line] of text.split('\n').entries()) {
      const ids = [
        ...Array.from(line.replace(DEFINITION, '').matchAll(bare), ([id]) => id),
        ...Array.from(line.matchAll(IN_BRACKETS), ([, list = '']) => list.split(', ')).flat(),
      ];
      for (const id of new Set(ids)) citations.set(id, [...(citations.get(id) ?? []), `${path}:${i + 1}`]);
    }
  }
  return citations;
}
