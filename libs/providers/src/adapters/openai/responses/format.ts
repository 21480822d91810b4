import { chatTraits, usualEffort } from '../../../traits/chat-traits.js';
import type { WireFormat } from '../../../wire/wire-format.js';
import { ResponseReader } from './answer/from-wire.js';
import { MIN_OUTPUT_TOKENS, toWire } from './request/to-wire.js';
import type { ResponsesRequest } from './wire.js';

/** `POST /responses` (https://platform.openai.com/docs/api-reference/responses/create). */
export const responsesFormat: WireFormat<ResponsesRequest> = {
  settingFacts: (model) => ({
    ranges: { maxTokens: { minimum: MIN_OUTPUT_TOKENS } },
    defaults: { temperature: 1, topP: 1, ...usualEffort(chatTraits(model, 'openai')) },
  }),
  toWire,
  newReader: (context, newCallId) => new ResponseReader(context, newCallId),
};
