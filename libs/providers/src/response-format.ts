import { ProviderConfig, type ProviderConfigInput } from './config.js';
import { isPreset } from './adapters/presets/config.js';
import { defaultWire } from './adapters/openai/hosts.js';
import type { ProviderOptions } from './spec/language-model.js';

/** What an OpenAI caller may ask of the form of an answer. A call has no setting for it, since only some wires have a field for it. */
export interface ResponseOptions {
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
 * The options as request fields of every configured provider that supports the format, so that fallbacks are asked for it, too. A
 * provider that is missing from the result cannot guarantee the format.
 */
export function responseOptions(configs: readonly ProviderConfigInput[], options: ResponseOptions): ProviderOptions {
  const entries = configs.flatMap((config): [string, Options][] => {
    const parsed = ProviderConfig.parse(config);
    const fields = fieldsFor(parsed, options);
    return fields ? [[parsed.id, fields]] : [];
  });
  return Object.fromEntries(entries);
}

function fieldsFor(config: ProviderConfig, options: ResponseOptions): Options | undefined {
  if (isPreset(config)) return inChat(options);
  switch (config.kind) {
    case 'openai':
      return (config.wire ?? defaultWire(config.baseUrl)) === 'responses' ? inResponses(options) : inChat(options);
    case 'azure-openai':
      return config.wire === 'responses' ? inResponses(options) : inChat(options);
    case 'huggingface':
      return config.api === 'chat' ? inChat(options) : undefined;
    case 'cohere':
      return inCohere(options);
    case 'ollama':
      return inOllama(options);
    case 'anthropic':
    case 'demo':
    case 'module':
      return undefined;
    case 'openai-compatible':
    case 'gateway':
    case 'http':
    case 'graphql':
    case 'websocket':
      return inChat(options);
  }
}

function inChat({ format, parallelToolCalls }: ResponseOptions): Options {
  return { ...(format && { response_format: chatFormat(format) }), ...parallel(parallelToolCalls) };
}

function chatFormat(format: NonNullable<ResponseOptions['format']>): object {
  if (format.type === 'json_object') return format;
  const { type, ...schema } = format;
  return { type, json_schema: schema };
}

function inResponses({ format, parallelToolCalls }: ResponseOptions): Options {
  return { ...(format && { text: { format } }), ...parallel(parallelToolCalls) };
}

/** https://docs.cohere.com/docs/structured-outputs */
function inCohere({ format }: ResponseOptions): Options {
  if (!format) return {};
  return {
    response_format: {
      type: 'json_object',
      ...(format.type === 'json_schema' && { json_schema: format.schema }),
    },
  };
}

/** https://docs.ollama.com/capabilities/structured-outputs */
function inOllama({ format }: ResponseOptions): Options {
  if (!format) return {};
  return { format: format.type === 'json_schema' ? format.schema : 'json' };
}

const parallel = (asked: boolean | undefined): Options => (asked === undefined ? {} : { parallel_tool_calls: asked });
