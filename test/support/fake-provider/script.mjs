// A script, and the steps of an answer that it describes; see "Scripts" in ../fake-provider.mjs.
import { Failure } from './failure.mjs';
import { newId } from './ids.mjs';

const SCRIPT_KEYS = new Set([
  'when',
  'text',
  'deltas',
  'split_surrogates',
  'delay_ms',
  'hang_after',
  'reasoning',
  'hang_in_reasoning_after',
  'tool_call',
  'tool_calls',
  'image',
  'annotations',
  'error',
]);
const ERROR_KEYS = new Set(['status', 'after', 'cut', 'failed_only', 'message', 'type', 'code', 'retry']);
const FOREVER = 2 ** 31 - 1;
/** Between the last delta and an error, so that the delta is read before the error comes. */
const ERROR_PAUSE_MS = 50;

/** @returns what is wrong with the scripts; undefined when they are usable */
export function checkScripts(scripts) {
  if (!Array.isArray(scripts)) return 'scripts must be an array';
  const [i, wrong] = [...scripts.entries()].map(([at, script]) => [at, wrongWith(script)]).find(([, why]) => why) ?? [];
  return wrong && `script #${i}: ${wrong}`;
}

function wrongWith(script) {
  const unknown = [
    ...Object.keys(script).filter((key) => !SCRIPT_KEYS.has(key)),
    ...Object.keys(script.error ?? {})
      .filter((key) => !ERROR_KEYS.has(key))
      .map((key) => `error.${key}`),
  ];
  if (unknown.length > 0) return `unknown key ${unknown.join(', ')}`;
  const idle = textOf(script) === undefined && ['hang_after', 'annotations'].find((key) => key in script);
  return idle ? `${idle} needs text` : undefined;
}

/** The text of an answer; undefined when it has none. */
export const textOf = (script) => script.text ?? script.deltas?.join('');

/** The call is answered with an error before any output. */
export const failsAtOnce = (script) =>
  script.error && (script.error.after === undefined || textOf(script) === undefined);

const isHigh = (code) => code >= 0xd800 && code <= 0xdbff;

/** Moves a border inside a surrogate pair to the next delta: a real provider never sends half a character. */
function wholeCharacters(deltas) {
  let carry = '';
  return deltas.map((delta, i) => {
    const text = carry + delta;
    carry = i < deltas.length - 1 && isHigh(text.charCodeAt(text.length - 1)) ? text.slice(-1) : '';
    return (carry ? text.slice(0, -1) : text).toWellFormed();
  });
}

/** The arguments of a tool call as they are streamed. */
export const argumentPieces = (args) => wholeCharacters(args.match(/[^]{1,24}/g) ?? []);

/**
 * The steps of an answer, in order: `[name of a wire's method, …its arguments]`.
 * @param wait waits that many ms; rejects when the client has gone
 * @throws Failure where the script says so
 */
export async function* play(script, wait) {
  if (failsAtOnce(script)) throw new Failure(script.error);
  const pieces = script.split_surrogates ? (deltas) => deltas : wholeCharacters;
  if (script.reasoning) yield* playReasoning(script, pieces, wait);
  if (script.image) yield ['image', script.image];
  if (textOf(script) !== undefined) yield* playText(script, pieces, wait);
  for (const call of script.tool_calls ?? (script.tool_call ? [script.tool_call] : []))
    yield ['toolCall', callOf(call)];
}

async function* playReasoning(script, pieces, wait) {
  yield ['reasoningStart'];
  for (const fragments of script.reasoning) {
    yield ['thoughtStart'];
    for (const [i, fragment] of pieces(fragments).entries()) {
      if (script.hang_in_reasoning_after === i) await wait(FOREVER);
      yield ['thought', fragment];
      await wait(script.delay_ms ?? 0);
    }
    yield ['thoughtEnd', fragments.join('').toWellFormed()];
  }
  yield ['reasoningEnd'];
}

async function* playText(script, pieces, wait) {
  const text = textOf(script);
  yield ['textStart'];
  const deltas = pieces(script.deltas?.length ? script.deltas : [text]);
  for (const [i, delta] of deltas.entries()) {
    if (script.hang_after === i) await wait(FOREVER);
    if (script.error?.after === i) await fail(script, wait);
    await wait(script.delay_ms ?? 0);
    yield ['text', delta];
  }
  // A number behind the last delta counts as the end of the text.
  if (script.hang_after >= deltas.length) await wait(FOREVER);
  if (script.error?.after >= deltas.length) await fail(script, wait);
  yield ['textEnd', text.toWellFormed(), script.annotations ?? []];
}

async function fail({ error }, wait) {
  await wait(ERROR_PAUSE_MS);
  throw new Failure(error);
}

const callOf = ({ name, call_id, arguments: args = {} }) => ({
  name,
  call_id: call_id ?? newId('call_'),
  args: typeof args === 'string' ? args : JSON.stringify(args),
});
