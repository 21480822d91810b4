import type { WireFormat } from '../../wire/wire-format.js';
import { classifyCohereFailure } from './classify.js';
import { CohereReader } from './answer/from-wire.js';
import { DEFAULTS, RANGES } from './settings.js';
import { toWire } from './request/to-wire.js';
import type { CohereRequest } from './wire.js';

/** `POST /v2/chat` (https://docs.cohere.com/reference/chat-stream). */
export const cohereFormat: WireFormat<CohereRequest> = {
  settingFacts: () => ({ ranges: RANGES, defaults: DEFAULTS }),
  toWire,
  newReader: (context, newCallId) => new CohereReader({ ...context, classify: classifyCohereFailure }, newCallId),
};
