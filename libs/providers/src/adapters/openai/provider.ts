import { mayChat } from './chat-models.js';
import { chatFormat } from './chat/format.js';
import { dialectOf } from './dialect-of.js';
import { responsesFormat } from './responses/format.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { Provider } from '../../spec/provider.js';
import { type Counting, countTokens } from './count-tokens.js';
import { createHttpProvider, DEFAULT_DEPS, type HttpDeps, type ModelListing } from '../../wire/http-provider.js';
import { isOpenAI } from './hosts.js';
import type { OpenAISettings } from './settings.js';
import { transcribe } from './transcribe.js';
import { Transport } from '../../wire/transport.js';
import { ModelList } from './wire.js';

/** `GET /models`, as at OpenAI and nearly everywhere. */
const MODELS: ModelListing = { path: '/models', idsOf };
/** OpenAI's own list holds models of every kind. */
const OPENAI_MODELS: ModelListing = { path: '/models', idsOf: (json) => idsOf(json).filter(mayChat) };

/** OpenAI, or any server that speaks one of its formats. */
export function createOpenAIProvider(settings: OpenAISettings, deps: Partial<HttpDeps> = {}): Provider {
  const { now, newCallId } = { ...DEFAULT_DEPS, ...deps };
  const transport = new Transport(settings, now);
  const dialect = settings.dialect ?? dialectOf(settings.baseUrl);
  const format = settings.format ?? (settings.wire === 'responses' ? responsesFormat : chatFormat(dialect));
  const listing = settings.listing ?? (isOpenAI(settings.baseUrl) ? OPENAI_MODELS : MODELS);
  const provider = createHttpProvider({ ...settings, transport, format, listing }, newCallId);
  const counting = settings.counting ?? defaultCounting(settings);
  const root = new Transport({ ...settings, baseUrl: settings.baseUrl.replace(/\/v1\/*$/, '') }, now);
  return {
    ...provider,
    ...(counting && {
      countTokens: (model: string, call: ModelCall, signal: AbortSignal) =>
        countTokens(counting, { transport, root, dialect }, call, { provider: settings.id, model }, signal),
    }),
    transcribe: (model, speech, signal) => transcribe(transport, { provider: settings.id, model }, speech, signal),
  };
}

const defaultCounting = ({ wire, baseUrl }: OpenAISettings): Counting | undefined =>
  wire === 'responses' && isOpenAI(baseUrl) ? 'responses' : undefined;

function idsOf(json: unknown): string[] {
  const answer = ModelList.parse(json);
  const models = Array.isArray(answer) ? answer : (answer.data ?? []);
  return models.map(({ id }) => id);
}
