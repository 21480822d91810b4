import type { AssistantDefinition } from './definition.js';
import { AssistantPresentation, presentationOf } from './presentation.js';

const DOUBLE_TEXTING = ['enqueue', 'reject', 'interrupt', 'rollback'];

/** What a field may hold, as a test and in words. */
interface Shape {
  readonly holds: (value: unknown) => boolean;
  readonly words: string;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isCount = (value: unknown, least: number): boolean => Number.isInteger(value) && Number(value) >= least;
const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown, holds: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(holds);

const TURN_TEXT = (example: string): Shape => ({
  holds: (value) => isText(value) || isFunction(value),
  words: `text (${example}), or a function of the turn that gives it`,
});
const CALLBACK: Shape = { holds: isFunction, words: 'a function' };
const SWITCH: Shape = { holds: (value) => typeof value === 'boolean', words: 'true or false' };
const GROUP: Shape = { holds: isGroup, words: 'an object, { … }' };
const COUNT: Shape = { holds: (value) => isCount(value, 1), words: 'a whole number of 1 or more' };

const isGuardrail = (one: unknown): boolean => isGroup(one) && isText(one['name']) && isFunction(one['check']);
const isGuardrails = (value: unknown): boolean =>
  isGroup(value) &&
  Object.entries(value).every(
    ([side, list]) => ['input', 'output'].includes(side) && (list === undefined || listOf(list, isGuardrail)),
  );

/** A total record, so that a misspelt name is recognized. */
const SHAPES: Record<Exclude<keyof AssistantDefinition, keyof AssistantPresentation>, Shape> = {
  instructions: TURN_TEXT('what the model is told'),
  model: TURN_TEXT('"provider/model" or a public name'),
  settings: GROUP,
  providerOptions: GROUP,
  tools: {
    holds: (value) => Array.isArray(value) || isFunction(value),
    words: 'a list, [tool({ … })], or a function of the turn that gives one',
  },
  stopAtTools: { holds: (value) => listOf(value, isText), words: 'a list of names of tools' },
  maxTurns: COUNT,
  parallelToolCalls: SWITCH,
  documents: CALLBACK,
  historyItems: COUNT,
  allowCancel: SWITCH,
  doubleTexting: {
    holds: (value) => isText(value) && DOUBLE_TEXTING.includes(value),
    words: `one of ${DOUBLE_TEXTING.join(', ')}`,
  },
  input: {
    holds: (value) => isGroup(value) && Object.values(value).every((one) => one === undefined || isFunction(one)),
    words: 'an object of functions, { … }',
  },
  imagePreviews: { holds: (value) => isCount(value, 0), words: 'a whole number of 0 or more' },
  guardrails: {
    holds: isGuardrails,
    words: '{ input: [{ name, check }], output: [{ name, check }] }, each a list and each optional',
  },
  respond: CALLBACK,
  action: CALLBACK,
  syncAction: CALLBACK,
  onFeedback: CALLBACK,
  transcribe: CALLBACK,
  onCancelled: CALLBACK,
  title: { holds: (value) => value === false || isFunction(value), words: 'false or a function' },
};

const isShaped = (name: string): name is keyof typeof SHAPES => Object.hasOwn(SHAPES, name);

/** Throws `TypeError` that says what is wrong with the definition, and how it is written. */
export function checkDefinition(definition: AssistantDefinition): void {
  assertPlain(definition);
  const unknown = Object.keys(definition).filter((name) => !isShaped(name) && !(name in AssistantPresentation.shape));
  if (unknown.length > 0) throw new TypeError(`An assistant has no ${unknown.map((name) => `"${name}"`).join(', ')}.`);
  for (const [name, value] of Object.entries(definition)) {
    if (!isShaped(name) || value === undefined || SHAPES[name].holds(value)) continue;
    throw new TypeError(`The assistant's ${name} must be ${SHAPES[name].words}; it is ${kindOf(value)}.`);
  }
  if (Array.isArray(definition.tools)) assertTools(definition.tools);
  presentationOf(definition);
}

/** Methods of a class are on its prototype, where nothing of a definition is looked for; a module's namespace has none. */
function assertPlain(definition: unknown): void {
  const how = 'write: export default defineAssistant({ async *respond(ctx) { … } })';
  if (!isGroup(definition)) throw new TypeError(`An assistant is an object, not ${kindOf(definition)}; ${how}`);
  const prototype: unknown = Object.getPrototypeOf(definition);
  if (prototype === null || prototype === Object.prototype) return;
  const name = (definition['constructor'] as { readonly name?: unknown } | undefined)?.name;
  const what =
    typeof name === 'string' && name !== 'Object' ? `an instance of the class ${name}` : 'made from another object';
  throw new TypeError(`The assistant is ${what}, and methods that it inherits would not be seen; ${how}`);
}

function assertTools(tools: readonly unknown[]): void {
  const seen = new Set<unknown>();
  for (const [index, one] of tools.entries()) {
    const { name, kind } = isGroup(one) ? one : {};
    if (kind !== 'server' && kind !== 'client') {
      const which = isText(name) ? `The tool "${name}"` : `The assistant's tools[${index}]`;
      throw new TypeError(`${which} must be created with tool() or clientTool().`);
    }
    if (seen.has(name)) throw new TypeError(`Two tools of the assistant are called "${String(name)}".`);
    seen.add(name);
  }
}

function kindOf(value: unknown): string {
  if (isText(value)) return 'text';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
