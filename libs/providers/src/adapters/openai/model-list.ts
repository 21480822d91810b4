import { type Json, list, object } from '../../http/json.js';
import type { SettingName } from '../../spec/call-settings.js';
import type { ModelInfo } from '../../spec/provider.js';
import { mayChat } from '../../traits/can-chat.js';
import { type ListedModel, readModels, smallest } from '../../wire/model-info.js';
import type { Dialect } from './chat/dialect.js';

/*
 * `GET /models` as OpenAI began it and others have added to it. The documents that name the fields, noted on 2026-11-29:
 * https://openrouter.ai/docs/api-reference/list-available-models, https://docs.together.ai/reference/models-1,
 * https://docs.mistral.ai/api (list models), https://console.groq.com/docs/api-reference (models),
 * https://docs.fireworks.ai/api-reference/list-models, https://huggingface.co/docs/inference-providers (GET /v1/models),
 * https://docs.vllm.ai (ModelCard.max_model_len), https://github.com/ggml-org/llama.cpp/tree/master/tools/server (GET /v1/models),
 * https://lmstudio.ai/docs/developer/rest/endpoints, https://ai.google.dev/api/models.
 */

/** The models of a list that may be offered for a conversation. @throws Error for what is no list */
export function modelsIn(json: unknown, { dialect, also = () => true }: ListOptions): ModelInfo[] {
  const models = readModels(entriesOf(json), (entry) => describe(entry, dialect), canChat);
  return models.filter(({ id }) => also(id));
}

export interface ListOptions {
  readonly dialect: Dialect;
  /** What else decides, where the list of a server holds models that only its own documents tell apart. */
  readonly also?: ((id: string) => boolean) | undefined;
}

/**
 * Together answers with the bare list; Ollama's `data` is null while it has no models; Google's own API has `models`.
 * @throws Error for what is no list
 */
export function entriesOf(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  const answer = object(json);
  const entries = answer?.['data'] ?? answer?.['models'] ?? [];
  if (answer && Array.isArray(entries)) return entries;
  throw new Error('neither a list nor an object with a list as "data"');
}

function describe(entry: Json, { fields, server }: Dialect): ListedModel {
  const meta = object(entry['meta']) ?? {};
  const info = object(entry['model_info']) ?? {};
  const top = object(entry['top_provider']) ?? {};
  const usual = object(entry['default_parameters']) ?? {};
  return {
    id: idOf(entry, server),
    name: entry['display_name'] ?? entry['displayName'] ?? (entry['id'] === undefined ? undefined : entry['name']),
    contextWindow: [
      entry['loaded_context_length'],
      entry['max_model_len'],
      // llama.cpp: what a conversation gets, and what the model was trained with.
      meta['n_ctx'],
      smallest([entry['context_length'], top['context_length']]),
      ...['context_window', 'max_context_length', 'inputTokenLimit', 'input_token_limit', 'max_input_tokens'].map(
        (name) => entry[name],
      ),
      smallest(hostsOf(entry).map((host) => host['context_length'])),
      info['max_input_tokens'],
      meta['n_ctx_train'],
    ],
    maxOutput: [
      top['max_completion_tokens'],
      ...['max_completion_tokens', 'max_output_tokens', 'outputTokenLimit', 'output_token_limit'].map(
        (name) => entry[name],
      ),
      info['max_output_tokens'],
    ],
    defaults: {
      temperature: usual['temperature'] ?? entry['default_model_temperature'] ?? entry['temperature'],
      topP: usual['top_p'] ?? entry['topP'],
      topK: usual['top_k'] ?? entry['topK'],
      frequencyPenalty: usual['frequency_penalty'],
      presencePenalty: usual['presence_penalty'],
    },
    settings: settingsIn(entry, fields),
  };
}

/** Google's names are paths, which its requests need not name. */
function idOf(entry: Json, server: string | undefined): unknown {
  const id = entry['id'] ?? entry['name'];
  return server === 'gemini' && typeof id === 'string' ? id.replace(/^models\//, '') : id;
}

/** Who runs the model for Hugging Face's router, as far as it can be called there now. */
function hostsOf(entry: Json): Json[] {
  const hosts = list(entry['providers']).flatMap((host): Json[] => (object(host) ? [object(host) as Json] : []));
  return hosts.filter(({ status }: Json) => status === undefined || status === 'live');
}

/** OpenRouter's `supported_parameters`, by our names. */
function settingsIn(entry: Json, fields: Dialect['fields']): SettingName[] | undefined {
  const said = new Set(list(entry['supported_parameters']));
  if (said.size === 0) return undefined;
  const names = Object.entries(fields) as [SettingName, string | null][];
  return names.flatMap(([name, field]) =>
    said.has(field) || OTHER_FIELDS[name]?.some((other) => said.has(other)) ? [name] : [],
  );
}

const OTHER_FIELDS: Partial<Record<SettingName, readonly string[]>> = {
  maxTokens: ['max_tokens', 'max_completion_tokens'],
  reasoningEffort: ['reasoning', 'reasoning_effort'],
};

/** What lists call models that write no text (Together, LM Studio, LiteLLM), and those that do. */
const TYPES: Readonly<Record<string, boolean>> = {
  chat: true,
  language: true,
  llm: true,
  vlm: true,
  image: false,
  image_generation: false,
  video: false,
  video_generation: false,
  audio: false,
  audio_speech: false,
  audio_transcription: false,
  transcribe: false,
  embedding: false,
  embeddings: false,
  moderation: false,
  rerank: false,
};

/** Whether a model of a list may be offered for a conversation: what its entry says, else what its name does. */
export const canChat = (entry: Json, id: string): boolean => saidOf(entry) ?? mayChat(id);

function saidOf(entry: Json): boolean | undefined {
  if (entry['active'] === false || entry['lifecycle'] === 'retired') return false;
  if (list(entry['providers']).length > 0 && hostsOf(entry).length === 0) return false;
  const methods = entry['supportedGenerationMethods'];
  if (Array.isArray(methods) && !methods.includes('generateContent')) return false;
  const outputs = list(object(entry['architecture'])?.['output_modalities']);
  const able = entry['supports_chat'] ?? object(entry['capabilities'])?.['completion_chat'];
  if (typeof able === 'boolean') return able;
  if (outputs.length > 0) return outputs.includes('text');
  const type = entry['type'] ?? object(entry['model_info'])?.['mode'];
  return typeof type === 'string' ? TYPES[type] : undefined;
}
