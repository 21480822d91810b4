import type { WireFormat } from '../../wire/wire-format.js';
import { MessageReader } from './answer/from-wire.js';
import { toWire } from './request/to-wire.js';

/** `POST /messages` (https://docs.anthropic.com/en/api/messages). */
export const messagesFormat: WireFormat = {
  toWire,
  newReader: (context, newCallId) => new MessageReader(context, newCallId),
};
