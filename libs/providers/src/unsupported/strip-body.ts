import { type Json, object } from '../http/json.js';
import type { Warning } from '../spec/stream-part.js';
import type { Feature } from '../spec/feature.js';
import { warningOf } from './without-features.js';

type Strip = (body: Json) => Json;

/** Without the field at this path: `reasoning.summary` within an object, `tools.*.strict` within the objects of a list. */
function without(...paths: readonly string[]): Strip {
  return (body) => paths.reduce((left, path) => removed(left, path.split('.')), body);
}

function removed(json: Json, [field = '', ...rest]: readonly string[]): Json {
  const value = json[field];
  if (value === undefined) return json;
  if (rest.length === 0) {
    const { [field]: _, ...left } = json;
    return left;
  }
  const inner = rest[0] === '*' ? removedInAll(value, rest.slice(1)) : removedWithin(value, rest);
  if (inner === value) return json;
  return isEmpty(inner) ? removed(json, [field]) : { ...json, [field]: inner };
}

const removedWithin = (value: unknown, path: readonly string[]): unknown => {
  const inner = object(value);
  return inner ? removed(inner, path) : value;
};

function removedInAll(value: unknown, path: readonly string[]): unknown {
  if (!Array.isArray(value)) return value;
  const all = value.map((one) => removedWithin(one, path));
  return all.some((one, index) => one !== value[index]) ? all : value;
}

/** An object of which nothing is left is not sent either. */
const isEmpty = (value: unknown): boolean => {
  const json = object(value);
  return json !== undefined && Object.keys(json).length === 0;
};

/** The names that servers have for the limit of an answer. */
function otherLimit(body: Json): Json {
  const { max_tokens: limit, max_completion_tokens: completion, ...rest } = body;
  if (limit !== undefined) return { ...rest, max_completion_tokens: limit };
  return completion === undefined ? body : { ...rest, max_tokens: completion };
}

/** Responses has `strict` by default: there it must be said that it is not wanted. */
const notStrict: Strip = (body) => without('tools.*.function.strict', 'strict_tools')(falseStrict(body));

const isStrict = (tool: unknown): boolean => object(tool)?.['strict'] === true;

function falseStrict(body: Json): Json {
  if (!Array.isArray(body['tools'])) return body;
  if (!body['tools'].some(isStrict)) return body;
  return { ...body, tools: body['tools'].map((tool: Json) => (isStrict(tool) ? { ...tool, strict: false } : tool)) };
}

function notEncrypted(body: Json): Json {
  const { include } = body;
  if (!Array.isArray(include)) return body;
  const left = include.filter((one) => one !== 'reasoning.encrypted_content');
  if (left.length === include.length) return body;
  return left.length > 0 ? { ...body, include: left } : without('include')(body);
}

/**
 * By feature, what of a request's body is left out or takes another form. The fields of all wires and of the options that a config
 * may hold; a wire that lacks a field is not touched.
 */
const STRIP: Readonly<Partial<Record<Feature, Strip>>> = {
  // The last two as Cohere's SDK calls them.
  tools: without('tools', 'tool_choice', 'parallel_tool_calls', 'toolChoice', 'strictTools'),
  tool_choice: without('tool_choice'),
  parallel_tool_calls: without('parallel_tool_calls', 'tool_choice.disable_parallel_tool_use'),
  strict_tools: notStrict,
  temperature: without('temperature', 'options.temperature', 'parameters.temperature'),
  top_p: without('top_p', 'p', 'options.top_p', 'parameters.top_p'),
  top_k: without('top_k', 'k', 'options.top_k', 'parameters.top_k'),
  frequency_penalty: without('frequency_penalty', 'options.frequency_penalty', 'parameters.frequency_penalty'),
  presence_penalty: without('presence_penalty', 'options.presence_penalty'),
  stop: without('stop', 'stop_sequences', 'options.stop', 'parameters.stop'),
  seed: without('seed', 'random_seed', 'options.seed', 'parameters.seed'),
  reasoning: without(
    'reasoning_effort',
    'reasoning',
    'thinking',
    'think',
    'enable_thinking',
    'thinking_budget',
    'output_config.effort',
    'extra_body.google.thinking_config',
    'chat_template_kwargs.enable_thinking',
  ),
  reasoning_summary: without(
    'reasoning.summary',
    'reasoning.generate_summary',
    'thinking.display',
    'include_reasoning',
    'extra_body.google.thinking_config.include_thoughts',
  ),
  encrypted_reasoning: notEncrypted,
  max_tokens_field: otherLimit,
  response_format: without('response_format', 'text.format', 'output_config.format', 'output_format', 'format'),
  stream_options: without('stream_options'),
  store: without('store'),
};

/** Also of the options of the config where these stand apart, because the vendor's SDK must not touch them (Cohere). */
function stripped(body: Json, strip: Strip): Json {
  const left = strip(body);
  const options = object(left['options']);
  const fewer = options && strip(options);
  return fewer === options ? left : { ...left, options: fewer };
}

/** The body of a request without these features, with a warning for each that was in it. */
export function stripBody<Body>(
  body: Body,
  features: Iterable<Feature>,
): { readonly body: Body; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  let left = object(body);
  if (!left) return { body, warnings };
  for (const feature of features) {
    const strip = STRIP[feature];
    const next: Json = strip ? stripped(left, strip) : left;
    if (next !== left) warnings.push(warningOf(feature));
    left = next;
  }
  // Whichever wire it is: only fields that may be absent were removed.
  return { body: left as Body, warnings };
}
