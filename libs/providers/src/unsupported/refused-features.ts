import type { Failure } from '../http/classify-failure.js';
import type { ProviderErrorCode } from '../spec/provider-error.js';
import { type RefusalWords, REFUSAL_WORDS, LASTING } from './refusal-words.js';
import type { RefusedFeature } from '../spec/feature.js';

/** Statuses of a refusal. Some servers answer 404 for a model that lacks something, or 500 (llama.cpp) and 501. */
const STATUSES: ReadonlySet<number | undefined> = new Set([400, 404, 405, 415, 422, 500, 501, undefined]);

/** Codes that a refusal of a feature may have been taken for. */
const CODES: ReadonlySet<ProviderErrorCode> = new Set(['bad_request', 'unavailable', 'model_unknown']);

/** Longer messages echo the request. */
const MAX_MESSAGE = 2_000;

/** Words of everyday English: as a field only where they are quoted, or called a parameter. */
const EVERYDAY: ReadonlySet<string> = new Set([
  'tools',
  'functions',
  'stop',
  'seed',
  'store',
  'think',
  'thinking',
  'reasoning',
  'effort',
  'strict',
  'include',
  'image',
  'images',
  'file',
  'document',
  'p',
  'k',
]);

/** Which features of its request a failure names, so that it may be sent again without them; empty where it names none. */
export function refusedFeatures(failure: Failure, code: ProviderErrorCode): readonly RefusedFeature[] {
  const message = snakeCase(failure.message.slice(0, MAX_MESSAGE));
  if (code === 'context_too_long') return tooLong(message);
  if (!CODES.has(code) || !STATUSES.has(failure.status)) return [];
  const isServerError = (failure.status ?? 400) >= 500 || (failure.status === undefined && code === 'unavailable');
  const lasts =
    LASTING.test(message) || failure.words.some((word) => LASTING.test(`${word} ${word.replaceAll('_', ' ')}`));
  // A server that fails may name anything; one that lacks something says so.
  if ((isServerError || failure.status === 404) && !lasts) return [];
  const params = (failure.params ?? []).map(fieldOf);
  const words = [message, ...failure.words].join('\n');
  const named = REFUSAL_WORDS.filter((rule) => isNamed(rule, params, words));
  const alone = named.find(({ said, alone: decides }) => decides && said?.test(words));
  return (alone ? [alone] : named).map(({ feature }) => ({ feature, lasts }));
}

/** vLLM: "max_tokens is too large: 8000. This model's maximum context length is 4096 tokens": the prompt itself fits. */
function tooLong(message: string): readonly RefusedFeature[] {
  return /max_(completion_|output_|new_)?tokens\W{0,3} is too large/i.test(message)
    ? [{ feature: 'max_tokens', lasts: false }]
    : [];
}

function isNamed({ fields = [], said }: RefusalWords, params: readonly string[], words: string): boolean {
  if (said?.test(words)) return true;
  return fields.some((field) => params.some((param) => isParam(param, field)) || isMentioned(field, words));
}

/** `messages.0.content.1.image_url` names `image_url`; a path below a field (`tools.0.function.name`) does not name that field. */
const isParam = (param: string, field: string): boolean => param === field || param.endsWith(`.${field}`);

/** Quoted, called a parameter, said not to be supported, or at the end behind a colon; other words than everyday ones just as such. */
function isMentioned(field: string, words: string): boolean {
  const name = field.replaceAll('.', '\\.');
  const ways = [
    `["'\`]${name}["'\`]`,
    `(parameters?|arguments?|fields?|property|name|supplied)[: ]+["'\`]?${name}(?![\\w.[])`,
    `\\b${name} (is|are) (not|un)`,
    `:\\s*${name}\\s*\\.?$`,
    ...(EVERYDAY.has(field) ? [] : [`(?<![\\w.])${name}(?![\\w[]|\\.\\w)`]),
  ];
  return new RegExp(ways.join('|'), 'im').test(words);
}

/** `body.tools[0].function.strict` as `tools.0.function.strict`, `generationConfig.topP` as `top_p`. */
const fieldOf = (param: string): string =>
  snakeCase(param)
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .replace(/^(body|request|generation_config|options|\*+)\./, '')
    .toLowerCase();

/** xAI and Google write `presencePenalty` where the request has `presence_penalty`. */
const snakeCase = (text: string): string => text.replaceAll(/(?<=[a-z])(?=[A-Z](?:[a-z]|\b))/g, '_');
