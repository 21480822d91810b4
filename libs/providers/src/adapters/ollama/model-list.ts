import * as z from 'zod';
import { type Json, list, object } from '../../http/json.js';
import type { ModelInfo } from '../../spec/provider.js';
import { ProviderError } from '../../spec/provider-error.js';
import { mayChat } from '../../traits/can-chat.js';
import { modelInfo, readModels } from '../../wire/model-info.js';
import type { Transport } from '../../wire/transport.js';
import type { OllamaConfig } from './config.js';

/** `GET /api/tags` (https://docs.ollama.com/api/tags); null while nothing was pulled. */
const Tags = z.object({ models: z.array(z.unknown()).nullish() });

/** Families of models that make vectors of texts, and nothing else. */
const EMBEDDING_FAMILIES = /bert|t5encoder/;

/** The models that were pulled, as far as `/api/tags` tells that they can chat. @throws z.ZodError for what is no list */
export function modelsOf(json: unknown): ModelInfo[] {
  return readModels(Tags.parse(json).models ?? [], describe, canChat);
}

const describe = ({ name, model }: Json) => ({ id: name ?? model });

function canChat({ details, capabilities }: Json, id: string): boolean {
  const said = ableToChat(capabilities);
  if (said !== undefined) return said;
  const { family, families } = object(details) ?? {};
  const names = [family, ...list(families)];
  return mayChat(id) && !names.some((name) => typeof name === 'string' && EMBEDDING_FAMILIES.test(name));
}

/** `completion`, `tools`, `vision`, `thinking`, `embedding` …; servers before 0.6.4 do not say. */
function ableToChat(capabilities: unknown): boolean | undefined {
  const known = list(capabilities);
  return known.length > 0 ? known.includes('completion') : undefined;
}

/** More models are not asked for: nobody chooses from a longer list. */
const MAX_ASKED = 100;
const AT_ONCE = 8;

/**
 * Adds what `POST /api/show` tells of each model (https://docs.ollama.com/api-reference/show-model-details). What it told once is kept;
 * a model of which it tells nothing stays as it is.
 */
export function modelDetails({ id, body }: OllamaConfig, transport: Transport) {
  const known = new Map<string, Json>();

  async function shown(model: string, signal: AbortSignal): Promise<Json> {
    const before = known.get(model);
    if (before) return before;
    try {
      const ref = { provider: id, model };
      const text = await transport.read('POST', '/api/show', { ref, body: { model } }, signal);
      const answer = object(JSON.parse(text)) ?? {};
      known.set(model, answer);
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ProviderError || error instanceof SyntaxError) return {};
      throw error;
    }
  }

  return async (models: readonly ModelInfo[], signal: AbortSignal): Promise<readonly ModelInfo[]> => {
    const names = models.map((model) => model.id);
    for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
    const asked = models.slice(0, MAX_ASKED);
    const details: Json[] = [];
    for (let start = 0; start < asked.length; start += AT_ONCE) {
      const few = asked.slice(start, start + AT_ONCE);
      details.push(...(await Promise.all(few.map((model) => shown(model.id, signal)))));
    }
    const described = asked.flatMap((model, index) => withDetails(model, details[index] ?? {}, numCtx(body)) ?? []);
    return [...described, ...models.slice(MAX_ASKED)];
  };
}

/** The window that requests ask for, if the entry says so: `body: { options: { num_ctx: 32768 } }`. */
const numCtx = (body: Json | undefined): unknown => object(body?.['options'])?.['num_ctx'];

/** Undefined for a model that cannot chat. */
function withDetails(model: ModelInfo, details: Json, configured: unknown): ModelInfo | undefined {
  if (ableToChat(details['capabilities']) === false) return undefined;
  const info = object(details['model_info']) ?? {};
  const length = info[`${String(info['general.architecture'])}.context_length`];
  const usual = parametersIn(details['parameters']);
  return (
    modelInfo({
      id: model.id,
      contextWindow: [configured, usual.get('num_ctx'), length],
      defaults: {
        temperature: number(usual.get('temperature')),
        topP: number(usual.get('top_p')),
        topK: number(usual.get('top_k')),
      },
    }) ?? model
  );
}

const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));

/** What the model was made with, a name and a value in each line: `num_ctx    8192`. */
function parametersIn(text: unknown): ReadonlyMap<string, string> {
  const lines = typeof text === 'string' ? text.split('\n') : [];
  return new Map(
    lines.flatMap((line) => {
      const [name, value] = line.trim().split(/\s+/, 2);
      return name && value ? [[name, value] as const] : [];
    }),
  );
}
