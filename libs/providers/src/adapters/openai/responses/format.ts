import type { WireFormat } from '../../../wire/wire-format.js';
import { ResponseReader } from './answer/from-wire.js';
import { toWire } from './request/to-wire.js';
import type { ResponsesRequest } from './wire.js';

/** `POST /responses` (https://platform.openai.com/docs/api-reference/responses/create). */
export const responsesFormat: WireFormat<ResponsesRequest> = {
  toWire,
  newReader: (context, newCallId) => new ResponseReader(context, newCallId),
};
