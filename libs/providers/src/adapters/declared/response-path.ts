import { list, object } from '../../http/json.js';

/** One step of a path: a field, an element, all elements, or those (or the object itself) whose field has a value. */
type Step =
  | { readonly type: 'field'; readonly name: string }
  /** From the end when negative. */
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'all' }
  | { readonly type: 'where'; readonly name: string; readonly value: string };

const STEP = /([^.[\]]+)|\[(-?\d+)\]|\[(\*)\]|\[\?([^=\]]+)=([^\]]*)\]/y;

const steps = new Map<string, readonly Step[]>();

/**
 * The steps of `choices[0].message.content`, `outputs[*].text`, `content[?type=text].text`.
 * @throws Error for an invalid path
 */
export function stepsOf(path: string): readonly Step[] {
  const known = steps.get(path);
  if (known) return known;
  const parsed: Step[] = [];
  let at = 0;
  while (at < path.length) {
    if (path[at] === '.' && at > 0) at += 1;
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match) throw new Error(`"${path}" is no path; write a.b[0].c, a[*].b or a[?type=text].b`);
    parsed.push(toStep(match));
    at = STEP.lastIndex;
  }
  if (parsed.length === 0) throw new Error('a path must not be empty');
  // As many as the config file has.
  steps.set(path, parsed);
  return parsed;
}

function toStep([, name, index, all, field = '', value = '']: RegExpExecArray): Step {
  if (name !== undefined) return { type: 'field', name };
  if (index !== undefined) return { type: 'index', index: Number(index) };
  return all === undefined ? { type: 'where', name: field, value } : { type: 'all' };
}

/**
 * The value at the first of these paths that has one other than null and an empty text; an empty text or list where no path has
 * anything else: many APIs send fields that they do not use as empty ones. A path with `[*]`, or `[?…]` at a list, gives the list of
 * all that fit it, of which there is at least one.
 */
export function readFirst(json: unknown, candidates: readonly string[]): unknown {
  let empty: unknown;
  for (const path of candidates) {
    const value = read(json, stepsOf(path));
    if (value === undefined) continue;
    if (!isEmpty(value)) return value;
    empty ??= value;
  }
  return empty;
}

const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.every(isEmpty));

function read(json: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (json === undefined || json === null) return undefined;
  if (!step) return json;
  switch (step.type) {
    case 'field': {
      const fields = object(json);
      return fields && Object.hasOwn(fields, step.name) ? read(fields[step.name], rest) : undefined;
    }
    case 'index':
      return read(list(json).at(step.index), rest);
    case 'all':
      return readAll(list(json), rest);
    case 'where':
      if (Array.isArray(json))
        return readAll(
          json.filter((element) => fits(element, step)),
          rest,
        );
      return fits(json, step) ? read(json, rest) : undefined;
  }
}

function readAll(elements: readonly unknown[], rest: readonly Step[]): unknown {
  const found = elements.map((element) => read(element, rest)).filter((value) => value !== undefined);
  return found.length > 0 ? found : undefined;
}

function fits(json: unknown, { name, value }: Extract<Step, { type: 'where' }>): boolean {
  return String(object(json)?.[name]) === value;
}

/** Enough to find the right path by, too little to fill a log. */
const MAX_KEYS = 30;
const MAX_DEPTH = 4;

/** The paths that there are, for the message about those that fit none: `id, choices[].message.content`. */
export function keysSeen(json: unknown): string {
  const seen = new Set<string>();
  collect(json, '', 0, seen);
  const names = [...seen];
  if (names.length === 0) return 'none';
  return names.length > MAX_KEYS ? `${names.slice(0, MAX_KEYS).join(', ')}, …` : names.join(', ');
}

function collect(json: unknown, path: string, depth: number, seen: Set<string>): void {
  if (seen.size > MAX_KEYS) return;
  if (Array.isArray(json) && json.length > 0 && depth < MAX_DEPTH) {
    for (const element of json.slice(0, 3)) collect(element, `${path}[]`, depth + 1, seen);
    return;
  }
  const fields = Object.entries(object(json) ?? {});
  if (fields.length === 0 || depth >= MAX_DEPTH) {
    if (path) seen.add(path);
    return;
  }
  for (const [name, value] of fields) collect(value, path ? `${path}.${name}` : name, depth + 1, seen);
}
