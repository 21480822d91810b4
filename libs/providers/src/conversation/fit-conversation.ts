import type { Message } from '../spec/prompt.js';
import { ProviderError } from '../spec/provider-error.js';
import { fitCallIds } from './call-ids.js';
import { toMessages } from './entries.js';
import { filled } from './filled.js';
import { orderRoles } from './order-roles.js';
import { ownThoughts, type Thinker } from './own-thoughts.js';
import { pairResults } from './pair-results.js';
import { placeInstructions } from './place-instructions.js';
import type { ConversationRules } from '../spec/conversation-rules.js';
import { wellFormedCalls } from './well-formed-calls.js';

/** For whom a conversation is made to fit. */
export interface Listener extends Thinker {
  readonly rules: ConversationRules;
  /** The names of the tools that the call offers. */
  readonly tools: ReadonlySet<string>;
}

/**
 * A prompt as the server of the listener takes it. Messages are merged, joined and converted, and none is made up; what was
 * said stays in it. A prompt that fits is returned with the same content.
 * @throws ProviderError `bad_request` for a prompt in which nobody says anything
 */
export function fitConversation(prompt: readonly Message[], { rules, tools, ...thinker }: Listener): Message[] {
  const paired = wellFormedCalls(pairResults(prompt), tools);
  const { instructions, conversation } = placeInstructions(filled(ownThoughts(paired, rules, thinker)), rules);
  const fitted = [...instructions, ...orderRoles(conversation, rules)];
  if (fitted.length > 0) return toMessages(fitCallIds(fitted, rules.callIds));
  const { provider, model } = thinker;
  const detail =
    'the conversation is empty, and a model needs at least one message: give the assistant instructions, or send a message with text or a file';
  throw new ProviderError('bad_request', { ref: { provider, model }, detail });
}
