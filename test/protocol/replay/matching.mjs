// Patterns of the scenarios: paths, placeholders, matchers, and whole streams of events. See ../replay.mjs.

/** What was answered is not what the scenario says. */
export class Mismatch extends Error {}

export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

export function deepEqual(a, b) {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => deepEqual(x, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key]))
  );
}

/** What stands at a dotted path; "*" maps over an array. Missing: undefined. */
export function get(value, path) {
  if (path === '' || path === '$') return value;
  let current = [value];
  let wild = false;
  for (const segment of path.split('.')) {
    if (segment === '*') {
      wild = true;
      current = current.flatMap((one) => (Array.isArray(one) ? one : []));
      continue;
    }
    const found = current.map((one) => (Object.hasOwn(Object(one), segment) ? one[segment] : undefined));
    if (!wild && found[0] === undefined) return undefined;
    current = found;
  }
  return wild ? current : current[0];
}

const WHOLE = /^\$([a-z_][a-z0-9_]*)$/i;
const INSIDE = /\$\{([a-z_][a-z0-9_]*)\}/gi;

function lookUp(name, env) {
  if (!(name in env)) throw new Mismatch(`unbound placeholder ${name}`);
  return env[name];
}

/** Replaces `$name` (a whole string, by any value) and `${name}` (inside a string) at every depth. */
export function substitute(value, env) {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value);
    return whole ? lookUp(whole[1], env) : value.replace(INSIDE, (_, name) => String(lookUp(name, env)));
  }
  if (Array.isArray(value)) return value.map((one) => substitute(one, env));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, substitute(one, env)]));
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/;
const json = (value) => JSON.stringify(value);
const unless = (ok, why) => (ok ? undefined : why);

/** Each answers undefined when the value is right, else why it is not. */
const MATCHERS = {
  any: (actual) => unless(actual !== undefined, 'missing'),
  absent: (actual) => unless(actual === undefined, `should be absent, got ${json(actual)}`),
  null: (actual) => unless(actual === null, 'not null'),
  string: (actual) => unless(typeof actual === 'string', 'not a string'),
  nonempty: (actual) => unless((typeof actual === 'string' || Array.isArray(actual)) && actual.length > 0, 'empty'),
  iso: (actual) =>
    unless(
      typeof actual === 'string' && ISO.test(actual) && !Number.isNaN(Date.parse(actual)),
      `not an ISO date-time: ${actual}`,
    ),
  regex: (actual, arg) =>
    unless(typeof actual === 'string' && new RegExp(arg, 'su').test(actual), `${json(actual)} !~ /${arg}/`),
  contains: (actual, arg) => unless(typeof actual === 'string' && actual.includes(arg), `does not contain ${arg}`),
  len: (actual, arg) => unless(actual?.length === Number(arg), `length ${actual?.length} != ${arg}`),
  gte: (actual, arg) => unless(actual >= Number(arg), `${actual} < ${arg}`),
  lte: (actual, arg) => unless(actual <= Number(arg), `${actual} > ${arg}`),
  not: (actual, arg) => unless(!deepEqual(actual, arg), `must differ from ${arg}`),
  one_of: (actual, arg) => unless(arg.split('|').includes(String(actual)), `${actual} not in ${arg}`),
  bind(actual, name, bound) {
    if (actual === undefined) return 'missing';
    if (name in bound && !deepEqual(bound[name], actual)) return `differs from bound ${name}`;
    bound[name] = actual;
    return undefined;
  },
};

/** Undefined when the value matches (names are then bound in `bound`), else the reason. */
function matchValue(actual, pattern, env, bound) {
  const known = { ...env, ...bound };
  const matcher = typeof pattern === 'string' ? /^<([a-z_]+)(?::([\s\S]*))?>$/.exec(pattern) : null;
  if (!matcher) {
    const wanted = substitute(pattern, known);
    return unless(deepEqual(actual, wanted), `${json(actual)} != ${json(wanted)}`);
  }
  const [, name, argument] = matcher;
  if (!Object.hasOwn(MATCHERS, name)) throw new Mismatch(`unknown matcher ${pattern}`);
  return MATCHERS[name](actual, argument === undefined ? undefined : substitute(argument, known), bound);
}

/** @param where path → pattern */
export function matchWhere(value, where, env, bound) {
  for (const [path, pattern] of Object.entries(where ?? {})) {
    const why = matchValue(get(value, path), pattern, env, bound);
    if (why) return `${path}: ${why}`;
  }
  return undefined;
}

export function matchEvent(event, pattern, env, bound) {
  if (pattern.any) return undefined;
  if (pattern.type && event.type !== pattern.type) return `type ${event.type} != ${pattern.type}`;
  if (pattern.update && event.update?.type !== pattern.update)
    return `update ${event.update?.type} != ${pattern.update}`;
  return matchWhere(event, pattern.where, env, bound);
}

export const nameOf = (event) =>
  [event.type, event.update?.type.split('.').at(-1) ?? event.item?.type].filter(Boolean).join('/');

/**
 * Matches the whole stream against the patterns in their order, with backtracking.
 * @returns what the patterns bound
 * @throws Mismatch that tells how far it got
 */
export function matchEvents(events, patterns, env) {
  let farthest = { at: -1, why: '' };
  const note = (at, why) => {
    if (at >= farthest.at) farthest = { at, why };
  };

  function rest(at, [pattern, ...later], bound) {
    if (!pattern) {
      if (at === events.length) return bound;
      note(at, `unexpected event #${at}: ${json(events[at]).slice(0, 240)}`);
      return undefined;
    }
    if (pattern.unordered)
      return firstOf(permutations(pattern.unordered), (order) => rest(at, [...order, ...later], bound));
    const { min, max } = bounds(pattern.repeat);
    const taken = [bound];
    while (taken.length <= max && at + taken.length - 1 < events.length) {
      const position = at + taken.length - 1;
      const next = { ...taken.at(-1) };
      const why = matchEvent(events[position], pattern, env, next);
      if (why) {
        note(position, `event #${position} (${nameOf(events[position])}): ${why}`);
        break;
      }
      taken.push(next);
    }
    if (taken.length <= min && at + taken.length > events.length)
      note(events.length, `the stream ended; still expecting ${json(pattern).slice(0, 160)}`);
    const counts = Array.from({ length: taken.length - min }, (_, i) => taken.length - 1 - i);
    return firstOf(counts, (count) => rest(at + count, later, taken[count]));
  }

  const bound = rest(0, patterns, {});
  if (bound) return bound;
  throw new Mismatch(`events differ: ${farthest.why}\n      got: ${events.map(nameOf).join(', ')}`);
}

function bounds(repeat) {
  if (repeat === '*') return { min: 0, max: Infinity };
  if (repeat === '+') return { min: 1, max: Infinity };
  if (repeat === '?') return { min: 0, max: 1 };
  return { min: repeat ?? 1, max: repeat ?? 1 };
}

function firstOf(candidates, attempt) {
  for (const candidate of candidates) {
    const result = attempt(candidate);
    if (result) return result;
  }
  return undefined;
}

function permutations(list) {
  if (list.length <= 1) return [list];
  return list.flatMap((one, i) => permutations(list.toSpliced(i, 1)).map((others) => [one, ...others]));
}
