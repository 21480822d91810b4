import { decorated } from '../spec/decorated-model.js';
import type { Feature } from '../spec/feature.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { Provider } from '../spec/provider.js';
import { fitConversation } from './fit-conversation.js';
import { conversationRules, type Speaker } from './profiles.js';
import type { ConversationOverride, ConversationRules } from '../spec/conversation-rules.js';

/** What of a provider's entry decides about its rules. */
export interface ConversationEntry extends Omit<Speaker, 'model'> {
  readonly conversation?: ConversationOverride | undefined;
}

/** The provider with every prompt made to fit what its server and model demand; see `profiles.ts`. */
export function withConversation(entry: ConversationEntry, provider: Provider): Provider {
  const { countTokens } = provider;
  const rulesOf = (model: string, override?: ConversationOverride): ConversationRules =>
    conversationRules({ ...entry, model }, entry.conversation, override);
  return {
    ...provider,
    model: (id, override) => fittingModel(provider.model(id), rulesOf(id, override)),
    ...(countTokens && {
      countTokens: async (model: string, call: ModelCall, signal: AbortSignal) =>
        countTokens(model, fitting(call, provider.model(model), rulesOf(model)), signal),
    }),
  };
}

function fittingModel(model: LanguageModel, rules: ConversationRules): LanguageModel {
  return decorated(model, {
    stream: (call, signal) => ({
      // Here, so that a conversation that cannot be made to fit fails when the answer is read, as all else does.
      [Symbol.asyncIterator]: () => model.stream(fitting(call, model, rules), signal)[Symbol.asyncIterator](),
    }),
  });
}

function fitting(call: ModelCall, model: LanguageModel, rules: ConversationRules): ModelCall {
  const { ref, account } = model;
  const tools = new Set(call.tools?.map(({ name }) => name));
  const listener = { ...ref, account, rules: narrowed(rules, call, model), tools };
  return { ...call, prompt: fitConversation(call.prompt, listener), wantedThoughts: rules.thoughts };
}

/** The rules, for a model that knows no tools or has refused something of an earlier call. */
function narrowed(
  rules: ConversationRules,
  { without }: ModelCall,
  { capabilities }: LanguageModel,
): ConversationRules {
  const refused = [...(without ?? [])].map((feature) => REFUSED[feature]);
  return Object.assign({}, rules, capabilities.has('tools') ? {} : REFUSED.tools, ...refused) as ConversationRules;
}

/** What a refusal says about the rules. */
const REFUSED: Readonly<Partial<Record<Feature, Partial<ConversationRules>>>> = {
  tools: { toolRounds: 'text' },
  prefill: { prefill: false },
  alternation: { firstFromUser: true, alternate: true, userAfterTool: false, prefill: false },
  system_role: { system: 'user' },
};
