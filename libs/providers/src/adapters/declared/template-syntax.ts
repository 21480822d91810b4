import { type Json, object } from '../../http/json.js';

/** A piece of a text of a template: literal text, or a variable with its fallback. */
export type Piece =
  | { readonly type: 'words'; readonly words: string }
  /** `path` as segments: `settings.topP` is two. `fallback` is absent when there is none. */
  | { readonly type: 'variable'; readonly path: readonly string[]; readonly fallback?: { readonly value: unknown } };

const OPEN = '{{';
const CLOSE = '}}';
const VARIABLE = /^([A-Za-z_]\w*(?:\.\w+)*)\s*(?:\?\?\s*(.+))?$/s;

/** Cuts `Hello {{caller.userId ?? "you"}}` into its pieces. @throws Error for braces that hold no variable */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  for (let open = rest.indexOf(OPEN); open >= 0; open = rest.indexOf(OPEN)) {
    const close = rest.indexOf(CLOSE, open);
    if (close < 0) throw new Error(`"${rest.slice(open)}" is not closed`);
    if (open > 0) pieces.push({ type: 'words', words: rest.slice(0, open) });
    pieces.push(variableOf(rest.slice(open + OPEN.length, close).trim()));
    rest = rest.slice(close + CLOSE.length);
  }
  if (rest) pieces.push({ type: 'words', words: rest });
  return pieces;
}

function variableOf(inner: string): Piece {
  const [, path, fallback] = VARIABLE.exec(inner) ?? [];
  if (path === undefined) throw new Error(`"${inner}" is no variable; write {{name}}, or {{name ?? fallback}}`);
  const segments = path.split('.');
  if (fallback === undefined) return { type: 'variable', path: segments };
  try {
    return { type: 'variable', path: segments, fallback: { value: JSON.parse(fallback) } };
  } catch {
    throw new Error(`the fallback ${fallback} is no JSON; a text stands in double quotes`);
  }
}

/** When something is inserted: a variable is there and not empty, or has one of these values. */
export interface Condition {
  readonly path: readonly string[];
  /** What the variable must be one of. Absent: anything that is not empty. */
  readonly values?: readonly unknown[];
}

/** @throws Error for what is no condition */
export function conditionsOf(condition: unknown): Condition[] {
  if (typeof condition === 'string') return [{ path: pathOf(condition) }];
  const fields = Object.entries(object(condition) ?? {});
  if (fields.length === 0) throw new Error('must be the name of a variable, or { variable: value }');
  return fields.map(([path, value]) => ({ path: pathOf(path), values: Array.isArray(value) ? value : [value] }));
}

/** @throws Error for what is no name of a variable */
export function pathOf(text: unknown): readonly string[] {
  if (typeof text !== 'string' || !/^[A-Za-z_]\w*(\.\w+)*$/.test(text))
    throw new Error('must be the name of a variable');
  return text.split('.');
}

/** The constructs, each with the keys that it may have. */
export const CONSTRUCTS = {
  /** A list: one `$item` for each element, which is `item` in there, or what `$as` says. */
  $each: ['$each', '$as', '$roles', '$if', '$item'],
  /** `$then` or `$else`; nothing where that is left out. */
  $if: ['$if', '$then', '$else'],
  /** What stands below it as JSON in a text. */
  $json: ['$json'],
  /** What stands below it, braces included. */
  $literal: ['$literal'],
} as const;
export type Construct = keyof typeof CONSTRUCTS;

/** Which construct an object of a template is; undefined for one that is inserted as it stands. */
export function constructOf(node: Json): Construct | undefined {
  const names = Object.keys(CONSTRUCTS) as Construct[];
  return names.find((name) => name in node);
}
