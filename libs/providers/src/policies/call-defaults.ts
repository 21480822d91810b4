import { dropAbsent } from '../http/json.js';
import type { CallSettings } from '../spec/call-settings.js';
import type { ModelCall } from '../spec/language-model.js';

/** What an entry or a public name says of all calls of its models. */
export interface CallDefaults {
  readonly settings?: CallSettings | undefined;
  /** Fields of every request, in the provider's own format. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** The defaults of both; the narrower ones take precedence, setting by setting and field by field. */
export const joinedDefaults = (wide: CallDefaults, narrow: CallDefaults): CallDefaults => ({
  settings: { ...wide.settings, ...narrow.settings },
  body: { ...wide.body, ...narrow.body },
});

/** The call with the defaults. What the call itself says takes precedence. */
export function defaultedCall(call: ModelCall, defaults: CallDefaults): ModelCall {
  const body = { ...defaults.body, ...call.body };
  const settings = { ...defaults.settings, ...dropAbsent({ ...call.settings }) };
  return {
    ...call,
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(Object.keys(body).length > 0 && { body }),
  };
}
