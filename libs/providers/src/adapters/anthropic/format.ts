import type { WireFormat } from '../../wire/wire-format.js';
import { MessageReader } from './answer/from-wire.js';
import { toWire } from './request/to-wire.js';
import type { MessagesRequest } from './wire.js';

/** `POST /v1/messages` (https://platform.claude.com/docs/en/api/messages). */
export const messagesFormat: WireFormat<MessagesRequest> = {
  toWire,
  newReader: (context, newCallId) => new MessageReader(context, newCallId),
};
