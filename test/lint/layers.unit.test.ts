import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYERS } from '../../tools/lint/borders.mjs';
import { lintFiles, ROOT } from './lint-files.js';

/** A small tree of our own stands in for the project's, so that the rule is proven whatever the folders are. */
const EXAMPLE = `
export const LOADERS = ['fetchThing'];
export const RESTRICTED = [];
export const OPEN_TO = {};
export const LAYERS = {
  'libs/house/src': ['config.ts', 'cellar', ['kitchen', 'parlour'], 'east', '.'],
  'libs/house/src/cellar': ['wine', 'shelf'],
  'libs/house/src/kitchen/deep': ['base', '*', '.'],
};`;

const MADE = "import { createRequire } from 'node:module';\n";

/** What is wrong with it, file, and its text. */
const REFUSED: [string, string, string][] = [
  ['a value', 'cellar/wine/a.ts', "import * as it from '../../kitchen/pan.js';\nexport const used = it;\n"],
  ['a type', 'cellar/wine/b.ts', "import type { Pan } from '../../kitchen/pan.js';\nexport type Used = Pan;\n"],
  ['a re-export', 'cellar/wine/c.ts', "export { pan } from '../../kitchen/pan.js';\n"],
  ['a re-export of all', 'cellar/wine/d.ts', "export * from '../../kitchen/pan.js';\n"],
  ['a dynamic import', 'cellar/wine/e.ts', "export const load = (): unknown => import('../../kitchen/pan.js');\n"],
  ['a type by import()', 'cellar/wine/f.ts', "export type Pan = import('../../kitchen/pan.js').Pan;\n"],
  ['a template', 'cellar/wine/g.ts', 'export const load = (n: string): unknown => import(`../../kitchen/${n}.js`);\n'],
  ['a loader', 'cellar/wine/j.ts', "export const it: unknown = fetchThing('../../kitchen/pan.js', 1);\n"],
  [
    'a made loader',
    'cellar/wine/k.ts',
    `${MADE}const load = createRequire('/');\nexport const it: unknown = load('../../kitchen/pan.js');\n`,
  ],
  [
    'a loader made at once',
    'cellar/wine/l.ts',
    `${MADE}export const it = createRequire('/')('../../kitchen/pan.js');\n`,
  ],
  ['another of the rest', 'kitchen/deep/one/a.ts', "export * from '../two/b.js';\n"],
  ['the rest from below it', 'kitchen/deep/base/a.ts', "export * from '../two/b.js';\n"],
  ['what is above the rest', 'kitchen/deep/one/b.ts', "export * from '../all.js';\n"],
  ['the same rank', 'kitchen/a.ts', "export * from '../parlour/sofa.js';\n"],
  ['the root above', 'kitchen/c.ts', "export * from '../index.js';\n"],
  ['a named file of the root', 'config.ts', "export * from './cellar/wine/red.js';\n"],
  ['an inner root', 'cellar/wine/i.ts', "export * from '../shelf/board.js';\n"],
  ['a folder without a rank', 'attic/a.ts', 'export const dust = 1;\n'],
  ['a folder of an inner root without a rank', 'cellar/coal/a.ts', 'export const coal = 1;\n'],
];

const ACCEPTED: [string, string, string][] = [
  ['a lower folder', 'kitchen/ok.ts', "export * from '../cellar/wine/red.js';\n"],
  ['its own folder', 'kitchen/ok-own.ts', "export * from './deep/pan.js';\n"],
  ['what is below the rest', 'kitchen/deep/two/ok.ts', "export * from '../base/pot.js';\n"],
  ['the rest from above it', 'kitchen/deep/ok.ts', "export * from './two/b.js';\n"],
  ['another function', 'cellar/wine/ok.ts', "export const it: unknown = cook('../../kitchen/pan.js');\n"],
  ['a low file of the root', 'cellar/shelf/ok.ts', "export * from '../../config.js';\n"],
  ['the root, everything', 'index.ts', "export * from './east/window.js';\n"],
  ['a test, everything', 'cellar/wine/ok.test.ts', "export * from '../../kitchen/pan.js';\n"],
];

const SRC = 'libs/house/src';
let findings: ReturnType<typeof lintFiles> = [];

beforeAll(() => {
  const files = [...REFUSED, ...ACCEPTED].map(([, file, text]) => [`${SRC}/${file}`, text]);
  findings = lintFiles({ 'tools/lint/borders.mjs': EXAMPLE, ...Object.fromEntries(files) });
});

const codesFor = (file: string): string[] =>
  findings.filter(({ filename }) => filename === `${SRC}/${file}`).map(({ code }) => code);

describe('the rule of layers', () => {
  it.each(REFUSED)('refuses %s (%s)', (_, file) => expect(codesFor(file)).toEqual(['relay(layers)']));
  it.each(ACCEPTED)('accepts %s (%s)', (_, file) => expect(codesFor(file)).toEqual([]));

  it('names the order that is broken', () => {
    const { message } = findings.find(({ filename }) => filename === `${SRC}/kitchen/a.ts`)!;
    expect(message).toBe(`kitchen may not import parlour: see the order of ${SRC} in tools/lint/borders.mjs.`);
  });
});

describe("the project's layers", () => {
  const roots = Object.entries(LAYERS);

  it.each(roots)('names only what exists in %s', (root, entries) => {
    const places = entries.flat().filter((place) => place !== '*');
    expect(places.filter((place) => !existsSync(join(ROOT, root, place)))).toEqual([]);
    expect(places).toEqual([...new Set(places)]);
  });

  it('holds an order for every server and every library of theirs', () => {
    const { projects } = JSON.parse(readFileSync(join(ROOT, 'nest-cli.json'), 'utf8')) as {
      projects: Record<string, { sourceRoot: string }>;
    };
    const sources = Object.values(projects).map(({ sourceRoot }) => sourceRoot);
    expect(sources.filter((root) => !(root in LAYERS))).toEqual([]);
  });
});
