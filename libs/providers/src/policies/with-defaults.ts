import { dropAbsent } from '../http/json.js';
import type { CallSettings } from '../spec/call-settings.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import { decorated } from '../spec/decorated-model.js';
import type { Provider } from '../spec/provider.js';

/** What an entry or a public name says of all calls of its models. */
export interface CallDefaults {
  readonly settings?: CallSettings | undefined;
  /** Fields of every request, in the provider's own format. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** The provider, whose models are called with these settings and fields where a call says nothing else. */
export function withDefaults(provider: Provider, defaults: CallDefaults): Provider {
  if (!defaults.settings && !defaults.body) return provider;
  return { ...provider, model: (id, conversation) => defaultedModel(provider.model(id, conversation), defaults) };
}

/** The call with the defaults. What the call itself says takes precedence, setting by setting and field by field. */
export function defaultedCall(call: ModelCall, { settings, body }: CallDefaults): ModelCall {
  return {
    ...call,
    ...(settings && { settings: { ...settings, ...dropAbsent({ ...call.settings }) } }),
    ...(body && { body: { ...body, ...call.body } }),
  };
}

const defaultedModel = (model: LanguageModel, defaults: CallDefaults): LanguageModel =>
  decorated(model, { stream: (call, signal) => model.stream(defaultedCall(call, defaults), signal) });
