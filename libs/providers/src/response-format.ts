import { ProviderConfig, type ProviderConfigInput } from './config.js';
import { isPreset } from './presets/config.js';
import { defaultWire } from './openai/settings.js';
import type { ProviderOptions } from './spec/language-model.js';

/** What an OpenAI caller may ask of an answer, and a call has no setting for: only some wires have a word for it. */
export interface AnswerWishes {
  readonly format?: { readonly type: 'json_object' } | ({ readonly type: 'json_schema' } & JsonSchemaFormat);
  readonly parallelToolCalls?: boolean;
}

export interface JsonSchemaFormat {
  readonly name: string;
  readonly description?: string;
  /** A JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

type Options = Readonly<Record<string, unknown>>;

/**
 * The wishes in the own words of every configured provider that has words for the format, so that a fallback is asked for
 * it, too. A provider that is missing cannot promise it.
 */
export function answerWishes(configs: readonly ProviderConfigInput[], wishes: AnswerWishes): ProviderOptions {
  const entries = configs.flatMap((config): [string, Options][] => {
    const parsed = ProviderConfig.parse(config);
    const options = inWordsOf(parsed, wishes);
    return options ? [[parsed.id, options]] : [];
  });
  return Object.fromEntries(entries);
}

function inWordsOf(config: ProviderConfig, wishes: AnswerWishes): Options | undefined {
  if (isPreset(config)) return inChat(wishes);
  switch (config.kind) {
    case 'openai':
      return (config.wire ?? defaultWire(config.baseUrl)) === 'responses' ? inResponses(wishes) : inChat(wishes);
    case 'azure-openai':
      return config.wire === 'responses' ? inResponses(wishes) : inChat(wishes);
    case 'huggingface':
      return config.api === 'chat' ? inChat(wishes) : undefined;
    case 'cohere':
      return inCohere(wishes);
    case 'ollama':
      return inOllama(wishes);
    case 'anthropic':
    case 'demo':
    case 'module':
      return undefined;
    case 'openai-compatible':
    case 'gateway':
    case 'http':
    case 'graphql':
    case 'websocket':
      return inChat(wishes);
  }
}

function inChat({ format, parallelToolCalls }: AnswerWishes): Options {
  return { ...(format && { response_format: chatFormat(format) }), ...parallel(parallelToolCalls) };
}

function chatFormat(format: NonNullable<AnswerWishes['format']>): object {
  if (format.type === 'json_object') return format;
  const { type, ...schema } = format;
  return { type, json_schema: schema };
}

function inResponses({ format, parallelToolCalls }: AnswerWishes): Options {
  return { ...(format && { text: { format } }), ...parallel(parallelToolCalls) };
}

/** https://docs.cohere.com/docs/structured-outputs */
function inCohere({ format }: AnswerWishes): Options {
  if (!format) return {};
  return {
    response_format: {
      type: 'json_object',
      ...(format.type === 'json_schema' && { json_schema: format.schema }),
    },
  };
}

/** https://docs.ollama.com/capabilities/structured-outputs */
function inOllama({ format }: AnswerWishes): Options {
  if (!format) return {};
  return { format: format.type === 'json_schema' ? format.schema : 'json' };
}

const parallel = (asked: boolean | undefined): Options => (asked === undefined ? {} : { parallel_tool_calls: asked });
