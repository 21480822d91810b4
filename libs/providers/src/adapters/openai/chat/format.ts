import { chatTraits, usualEffort } from '../../../traits/chat-traits.js';
import type { WireFormat } from '../../../wire/wire-format.js';
import type { Dialect } from './dialect.js';
import { ChatAnswerReader } from './answer/from-wire.js';
import { toWire } from './request/to-wire.js';
import type { ChatRequest } from './wire.js';

/** `POST /chat/completions` (https://platform.openai.com/docs/api-reference/chat/create). */
export function chatFormat(dialect: Dialect): WireFormat<ChatRequest> {
  return {
    settingFacts: (model) => ({
      ranges: dialect.ranges,
      defaults: { ...dialect.defaults, ...usualEffort(chatTraits(model, dialect.server)) },
    }),
    toWire: (call, ref) => toWire(call, ref, dialect),
    newReader: (context, newCallId) => new ChatAnswerReader(context, newCallId, dialect),
  };
}
