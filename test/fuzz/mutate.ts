import { SHORT } from './bodies.js';
import type { Random } from './random.js';

type Container = Record<string, unknown> | unknown[];
type TreeMutation = (random: Random, parent: Record<string, unknown>, key: string) => void;
type TextMutation = (random: Random, text: string) => Buffer | string;

const HUGE_NUMBERS = [1e308, -1e308, 2 ** 53, -(2 ** 53), 2 ** 31, -1, -0, 1.5, 5e-324];
const STRINGS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00y',
  '\ufeff',
  '\u2028',
  '__proto__',
  "'; --",
  '../..',
  '%00',
];
const LENGTHS = [300, 1_000, 5_000, 5_000, 70_000];
const DEPTHS = [5, 100, 1_000, 3_000];

/** Stands for a tree of so many levels: as a value it would overflow the stack of whoever writes it. */
const deep = (random: Random): string => `<${random.pick(['list', 'object'])} of ${random.pick(DEPTHS)} levels>`;

const withDepths = (text: string): string =>
  text
    .replaceAll(/"<list of (\d+) levels>"/g, (_, levels) => '['.repeat(Number(levels)) + ']'.repeat(Number(levels)))
    .replaceAll(
      /"<object of (\d+) levels>"/g,
      (_, levels) => `${'{"a":'.repeat(Number(levels))}1${'}'.repeat(Number(levels))}`,
    );

const anything = (random: Random): unknown =>
  random.pick<() => unknown>([
    () => null,
    () => random.chance(0.5),
    () => random.pick(HUGE_NUMBERS),
    () => random.pick(STRINGS),
    () => [],
    () => ({}),
    () => [{ type: 'input_text', text: SHORT }],
    () => random.below(100),
  ])();

const TREE_MUTATIONS: readonly [TreeMutation, ...TreeMutation[]] = [
  (_, parent, key) => {
    delete parent[key];
  },
  (random, parent, key) => {
    parent[key] = anything(random);
  },
  (random, parent, key) => {
    parent[key] = random.pick(HUGE_NUMBERS);
  },
  (_, parent, key) => {
    parent[key] = null;
  },
  (random, parent, key) => {
    // In a message, keep the answer short.
    parent[key] = `${key === 'text' ? SHORT : ''}${random.pick(STRINGS)}`;
  },
  (random, parent, key) => {
    parent[key] = `${key === 'text' ? SHORT : ''}${'x'.repeat(random.pick(LENGTHS) ?? 0)}`;
  },
  (random, parent, key) => {
    parent[key] = deep(random);
  },
  (_, parent, key) => {
    parent[key] = [parent[key]];
  },
  (_, parent, key) => {
    parent[`${key}x`] = parent[key];
    delete parent[key];
  },
  (random, parent) => {
    parent[random.pick(['extra', '__proto__x', 'constructor', 'toString', ''])] = anything(random);
  },
  (random, parent, key) => {
    if (typeof parent[key] === 'string') parent[key] += random.pick(STRINGS) ?? '';
  },
];

const insertAt = (text: string, at: number, piece: Buffer): Buffer =>
  Buffer.concat([Buffer.from(text.slice(0, at)), piece, Buffer.from(text.slice(at))]);

const TEXT_MUTATIONS: readonly [TextMutation, ...TextMutation[]] = [
  (random, text) => text.slice(0, random.below(text.length)),
  (random, text) => insertAt(text, random.below(text.length), random.bytes(1 + random.below(8))),
  (random) => random.bytes(random.below(400)),
  (_, text) => `${text}${text}`,
  (_, text) => `\ufeff${text}`,
  (_, text) => text.replace('{', '{"type":"threads.list",'),
  (_, text) => text.replace('"params":', '"params":{},"params":'),
  (_, text) => text.replace(/\}$/, ',"params":{"limit":1}}'),
  (_, text) => text.replace('{', '{"__proto__":{"type":"threads.list"},'),
  (_, text) => text.replaceAll('"', "'"),
  (_, text) => text.replace(/"params":\{/, '"params":{"limit":1e999,'),
  (_, text) => text.replace(/:("[^"]*")/, ':NaN'),
  (random, text) => text.replace('Hello', random.pick(['\\ud800', '\\u0000', '\\udfff\\ud800', '\\x', '\u0001'])),
  (_, text) => text.replace(/"type":"[^"]*"/, '"type":"threads.destroy"'),
  () => '',
  () => 'null',
];

/** Each place of a tree that has a name: its parent and its key. */
function placesOf(tree: Container): [Record<string, unknown>, string][] {
  return Object.entries(tree).flatMap(([key, value]) => [
    [tree as Record<string, unknown>, key] as [Record<string, unknown>, string],
    ...(typeof value === 'object' && value !== null ? placesOf(value as Container) : []),
  ]);
}

/** Breaks a body in one to four places, as a value or as a text. The result may still be valid. */
export function mutated(random: Random, body: Record<string, unknown>): Buffer {
  if (random.chance(0.3)) return Buffer.from(random.pick(TEXT_MUTATIONS)(random, JSON.stringify(body)));
  const tree = structuredClone(body);
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const place = random.pick(placesOf(tree));
    if (place) random.pick(TREE_MUTATIONS)(random, ...place);
  }
  return Buffer.from(withDepths(JSON.stringify(tree)));
}
