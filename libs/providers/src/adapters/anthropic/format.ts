import type { CallSettings, SettingFacts } from '../../spec/call-settings.js';
import { claudeTraits } from '../../traits/claude-traits.js';
import type { WireFormat } from '../../wire/wire-format.js';
import { MessageReader } from './answer/from-wire.js';
import { MAX_TEMPERATURE } from './request/to-sampling.js';
import { toWire } from './request/to-wire.js';
import type { MessagesRequest } from './wire.js';

/** What Anthropic's documents say of `POST /v1/messages`, whoever runs the model. */
export function settingFacts(model: string): SettingFacts {
  const { defaultMaxTokens: maxTokens, thinksUnasked } = claudeTraits(model);
  const defaults: CallSettings = { maxTokens, temperature: 1, ...(!thinksUnasked && { reasoningEffort: 'none' }) };
  return { ranges: { temperature: { maximum: MAX_TEMPERATURE } }, defaults };
}

/** `POST /v1/messages` (https://platform.claude.com/docs/en/api/messages). */
export const messagesFormat: WireFormat<MessagesRequest> = {
  settingFacts,
  toWire,
  newReader: (context, newCallId) => new MessageReader(context, newCallId),
};
