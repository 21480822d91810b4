import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenarios } from '../protocol/replay/load-scenarios.mjs';
import { citationsIn, definitionsIn, ROOT, ruleFiles, searchedFiles } from './rules.js';

const rules = definitionsIn(ruleFiles());
const defined = new Set(rules.map(({ id }) => id));
/** Of the index, so that the loss of a whole page is noticed. */
const families = familiesIn(readFileSync(join(ROOT, 'docs', 'protocol', 'README.md'), 'utf8'));
const citations = citationsIn(searchedFiles(), families);
const scenarios = loadScenarios();
const isOutsideRules = (place: string): boolean => !place.startsWith(join('docs', 'protocol'));
/** Written like this so that it is not itself a citation. */
const UNKNOWN = ['QX', '9'].join('-');

function familiesIn(index: string): string[] {
  const cells = index.split('\n').map((line) => line.split('|').at(-2)?.trim() ?? '');
  return cells.filter((cell) => /^[A-Z]{2,3}(?:, [A-Z]{2,3})*$/.test(cell)).flatMap((cell) => cell.split(', '));
}

describe('the rules in docs/protocol', () => {
  it('are those that code, tests and documents cite', () => {
    const undefinedOnes = [...citations]
      .filter(([id]) => !defined.has(id))
      .map(([id, places]) => `${id}: ${places[0]}`);
    expect(undefinedOnes).toEqual([]);
  });

  it('are each defined once, at an anchor of their own name', () => {
    expect(rules.map(({ id }) => id).toSorted()).toEqual([...defined].toSorted());
    expect(rules.filter(({ id, anchor }) => anchor !== id.toLowerCase())).toEqual([]);
  });

  it('belong to the families of the index', () => {
    expect([...new Set(rules.map(({ id }) => id.split('-')[0]))].toSorted()).toEqual(families.toSorted());
  });

  it('are cited, but for some (listed for information)', () => {
    const cited = new Set([...citations].filter(([, places]) => places.some(isOutsideRules)).map(([id]) => id));
    const uncited = [...defined].filter((id) => !cited.has(id));
    if (uncited.length > 0) console.info(`Rules that nothing cites: ${uncited.join(', ')}.`);
    expect(cited.size).toBeGreaterThan(100);
  });
});

describe('the scenarios', () => {
  it('stand each in the file of its id', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(103);
    const files = scenarios.map(({ id }) => join(ROOT, 'test', 'protocol', 'scenarios', `${id}.json`));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(new Set(files).size).toBe(scenarios.length);
  });

  it('name rules that are defined', () => {
    const named = scenarios.flatMap(({ rules: ids }) => ids);
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((id) => !defined.has(id))).toEqual([]);
  });

  it('are those that code and documents name', () => {
    const named = [...citationsIn(searchedFiles(), ['S']).keys()].filter((id) => /^S-\d{3}$/.test(id));
    const known = new Set(scenarios.map(({ id }) => id));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe('finding citations', () => {
  it.each([
    ['in a comment', '// keeps its order [TR-4]', ['TR-4']],
    ['in a list', '// [SER-1, TR-2]', ['SER-1', 'TR-2']],
    ['of a family that no page has, in brackets', `// [${UNKNOWN}]`, [UNKNOWN]],
    ['in plain words', 'as TR-4 says', ['TR-4']],
    ['and nothing that only looks like one', 'UTF-8, [see](x), SHA-256', []],
    ['but not where a rule is defined', '- <a id="tr-4"></a>**TR-4** One frame.', []],
  ])('%s', (_, line, ids) => {
    expect([...citationsIn([['a.ts', line]], ['TR', 'SER']).keys()].toSorted()).toEqual(ids);
  });
});
