import { randomUUID } from 'node:crypto';
import { networkFailure } from '../http/network-failure.js';
import { readBody } from '../http/read-body.js';
import type { Health, ModelInfo, Provider } from '../spec/provider.js';
import { ProviderError } from '../spec/provider-error.js';
import { chatFormat } from '../openai-chat/format.js';
import { responsesFormat } from '../openai-responses/format.js';
import { OpenAIModel } from './model.js';
import { dialectOf, type OpenAIDeps, type OpenAISettings } from './settings.js';
import { OpenAITransport } from './transport.js';
import { ModelList } from './wire.js';

/** Aggregators list some hundred models with descriptions; more than this is not a list of models. */
const MAX_LIST_BYTES = 8 * 1024 * 1024;

const DEFAULT_DEPS: OpenAIDeps = {
  now: Date.now,
  newCallId: () => `call_${randomUUID().replaceAll('-', '')}`,
};

/** OpenAI, or any server that speaks one of its formats. Opens no connection before it is used. */
export function createOpenAIProvider(settings: OpenAISettings, deps: Partial<OpenAIDeps> = {}): Provider {
  const { now, newCallId } = { ...DEFAULT_DEPS, ...deps };
  const { id, name, defaultModel, models, keyConfig } = settings;
  const capabilities = new Set(settings.capabilities);
  const transport = new OpenAITransport(settings, now);
  const format = settings.wire === 'responses' ? responsesFormat : chatFormat(dialectOf(settings.baseUrl));

  async function listModels(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const response = await transport.send('GET', '/models', { ref: { provider: id } }, signal);
    try {
      return parseModels(await readBody(response.body, MAX_LIST_BYTES), id);
    } catch (error) {
      const context = { ref: { provider: id }, started: true, secrets: transport.secrets };
      throw signal.aborted ? signal.reason : networkFailure(error, context);
    } finally {
      response.release(true);
    }
  }

  return {
    id,
    name,
    capabilities,
    defaultModel,
    ...(models && { models }),
    keyConfig,
    model: (model) => new OpenAIModel({ ref: { provider: id, model }, capabilities, transport, format, newCallId }),
    listModels,
    healthCheck: (signal) => checkHealth(() => listModels(signal)),
  };
}

async function checkHealth(ask: () => Promise<unknown>): Promise<Health> {
  const start = performance.now();
  const latencyMs = () => Math.round(performance.now() - start);
  try {
    await ask();
    return { ok: true, latencyMs: latencyMs() };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { ok: false, latencyMs: latencyMs(), error };
  }
}

function parseModels(text: string, provider: string): ModelInfo[] {
  try {
    const answer = ModelList.parse(JSON.parse(text));
    const models = Array.isArray(answer) ? answer : (answer.data ?? []);
    return models.map(({ id }) => ({ id }));
  } catch (cause) {
    throw new ProviderError('malformed_response', { ref: { provider }, detail: 'not a list of models', cause });
  }
}
