import { MessageReader } from '../anthropic/answer/from-wire.js';
import { settingFacts } from '../anthropic/format.js';
import { toWire } from '../anthropic/request/to-wire.js';
import type { MessagesRequest } from '../anthropic/wire.js';
import type { WireFormat } from '../../wire/wire-format.js';
import { framesOf } from './answer/frames.js';
import { failureRules } from './failures.js';

/** Anthropic's Messages in the frames of AWS. */
export const bedrockFormat: WireFormat<MessagesRequest> = {
  framing: framesOf,
  failures: failureRules,
  settingFacts,
  toWire,
  newReader: (context, newCallId) => new MessageReader(context, newCallId),
};
