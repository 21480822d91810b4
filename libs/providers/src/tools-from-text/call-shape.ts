import type { JsonWatch } from './json-scanner.js';

/** A call that a model has written into its text; `arguments` is the JSON text of an object. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: string;
}

/** Where in the JSON a call may stand: alone, in a list, under `tool_calls`; each perhaps under `function`. */
const CALL_PATH = /^(?:\[\]|\.tool_calls\[\])?(?:\.function)?$/;
const CALL_KEYS = ['name', 'arguments', 'parameters', 'id', 'type', 'function'];
const ROOT_KEYS = [...CALL_KEYS, 'tool_calls'];

const isOneOf = (all: readonly string[], text: string, isWhole: boolean): boolean =>
  isWhole ? all.includes(text) : all.some((one) => one.startsWith(text));

/** Rejects JSON as early as possible when it is not a call of these tools. */
export function callWatch(offered: ReadonlySet<string>): JsonWatch {
  const names = [...offered];
  return {
    value(path, char) {
      if (path === '') return char === '{' || char === '[';
      if (path === '.tool_calls') return char === '[';
      if (path.endsWith('.name') && CALL_PATH.test(path.slice(0, -'.name'.length))) return char === '"';
      return !CALL_PATH.test(path) || char === '{';
    },
    key: (path, text, isWhole) => !CALL_PATH.test(path) || isOneOf(path === '' ? ROOT_KEYS : CALL_KEYS, text, isWhole),
    string: (path, text, isWhole) =>
      !path.endsWith('.name') || !CALL_PATH.test(path.slice(0, -'.name'.length)) || isOneOf(names, text, isWhole),
  };
}

/** For JSON that is nothing but arguments. */
export const ANY_ARGUMENTS: JsonWatch = { value: () => true, key: () => true, string: () => true };

/**
 * The calls in a JSON text: all of them, or undefined when anything in it is not a call. A bare name counts only when
 * something around it marks it as a call.
 */
export function callsIn(
  json: string,
  offered: ReadonlySet<string>,
  bareNames: boolean,
): readonly WrittenCall[] | undefined {
  try {
    const calls = candidates(JSON.parse(json)).map((value) => callOf(value, offered, bareNames));
    return calls.length > 0 && calls.every((call) => call !== undefined) ? calls : undefined;
  } catch {
    // Not JSON, or nested too deeply to be written again.
    return undefined;
  }
}

function candidates(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const list = asObject(value)?.['tool_calls'];
  return Array.isArray(list) ? list : [value];
}

function callOf(value: unknown, offered: ReadonlySet<string>, bareNames: boolean): WrittenCall | undefined {
  const { type = 'function', function: inner, name, ...rest } = asObject(value) ?? {};
  if (type !== 'function') return undefined;
  if (inner !== undefined) return callOf(inner, offered, bareNames);
  if (typeof name !== 'string' || !offered.has(name)) return undefined;
  const given = rest['arguments'] ?? rest['parameters'];
  if (given === undefined) return bareNames ? { name, arguments: '{}' } : undefined;
  const args = asObject(typeof given === 'string' ? JSON.parse(given) : given);
  return args && { name, arguments: JSON.stringify(args) };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
