import type { OpenAI } from 'openai';
import { SdkTransport } from '../../sdk/sdk-transport.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { Provider } from '../../spec/provider.js';
import { createHttpProvider, DEFAULT_DEPS, type HttpDeps, type ModelListing } from '../../wire/http-provider.js';
import { Transport } from '../../wire/transport.js';
import { chatCarrier, responsesCarrier } from './carriers.js';
import { chatFormat } from './chat/format.js';
import { mayChatAtOpenAI } from './chat-models.js';
import { createOpenAIClient } from './client.js';
import { type Counting, countTokens } from './count-tokens.js';
import { dialectOf } from './dialect-of.js';
import { isOpenAI } from './hosts.js';
import { responsesFormat } from './responses/format.js';
import type { Dialect } from './chat/dialect.js';
import { modelsIn } from './model-list.js';
import { withNativeList } from './native-list.js';
import type { OpenAISettings } from './settings.js';
import { transcribe } from './transcribe.js';

/** OpenAI, or any server that speaks one of its formats. The SDK makes the requests. */
export function createOpenAIProvider(settings: OpenAISettings, deps: Partial<HttpDeps> = {}): Provider {
  const { now, newCallId } = { ...DEFAULT_DEPS, ...deps };
  const { id, wire, baseUrl } = settings;
  const transport = new Transport(settings, now);
  const sdk = new SdkTransport(transport);
  const client = settings.client?.(sdk) ?? createOpenAIClient({ ...settings, baseUrl: transport.baseUrl }, sdk);
  const dialect = settings.dialect ?? dialectOf(baseUrl);
  const init = { ...settings, secrets: sdk.secrets, listing: listingOf(settings, dialect, client, sdk) };
  const provider =
    wire === 'responses'
      ? createHttpProvider({ ...init, carrier: responsesCarrier(client, sdk), format: responsesFormat }, newCallId)
      : createHttpProvider(
          {
            ...init,
            carrier: settings.carrier?.(client, sdk) ?? chatCarrier(client, sdk),
            format: chatFormat(dialect),
          },
          newCallId,
        );
  const counting = settings.counting ?? defaultCounting(settings);
  const root = new Transport({ ...settings, baseUrl: baseUrl.replace(/\/v1\/*$/, '') }, now);
  return {
    ...provider,
    ...(counting && {
      countTokens: (model: string, call: ModelCall, signal: AbortSignal) =>
        countTokens(counting, { client, sdk, root, dialect }, call, { provider: id, model }, signal),
    }),
    transcribe: (model, speech, signal) => transcribe({ client, sdk }, { provider: id, model }, speech, signal),
  };
}

const defaultCounting = ({ wire, baseUrl }: OpenAISettings): Counting | undefined =>
  wire === 'responses' && isOpenAI(baseUrl) ? 'responses' : undefined;

/** `GET /models`, as at OpenAI and nearly everywhere, or a list of the server's own that says more. */
function listingOf(settings: OpenAISettings, dialect: Dialect, client: OpenAI, sdk: SdkTransport): ModelListing {
  const { id, baseUrl, known } = settings;
  const read = (signal: AbortSignal) =>
    sdk.read((options) => client.models.list(options).asResponse(), { provider: id }, signal);
  if (known) return { read, known };
  const also = isOpenAI(baseUrl) ? mayChatAtOpenAI(settings.wire) : undefined;
  return { read: withNativeList(settings, read), modelsOf: (json) => modelsIn(json, { dialect, also }) };
}
