import type { WireFormat } from '../../wire/wire-format.js';
import { OllamaAnswerReader } from './answer/from-wire.js';
import { toWire } from './request/to-wire.js';

/** `POST /api/chat` (https://docs.ollama.com/api/chat). */
export const ollamaFormat: WireFormat = {
  framing: 'ndjson',
  // https://docs.ollama.com/modelfile#valid-parameters-and-values
  settingFacts: () => ({ defaults: { temperature: 0.8, topP: 0.9, topK: 40 } }),
  toWire,
  newReader: (context, newCallId) => new OllamaAnswerReader(context, newCallId),
};
