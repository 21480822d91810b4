import type { WireFormat } from '../../wire/wire-format.js';
import { OllamaAnswerReader } from './answer/from-wire.js';
import { toWire } from './request/to-wire.js';

/** `POST /api/chat` (https://docs.ollama.com/api/chat). */
export const ollamaFormat: WireFormat = {
  framing: 'ndjson',
  toWire,
  newReader: (context, newCallId) => new OllamaAnswerReader(context, newCallId),
};
