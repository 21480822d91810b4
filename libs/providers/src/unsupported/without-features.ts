import type { CallSettings } from '../spec/call-settings.js';
import type { ModelCall } from '../spec/language-model.js';
import type { FilePart, ImagePart, Message, TextPart, UserMessage } from '../spec/prompt.js';
import type { Warning } from '../spec/stream-part.js';
import type { Feature } from '../spec/feature.js';
import { UNSEEN_PICTURE } from '../spec/unseen-picture.js';
import { suggestTool } from './suggest-tool.js';

/** How a call goes without a feature. A call that does not use it is returned as it is. */
type WithoutFeature = (call: ModelCall) => ModelCall;

const same: WithoutFeature = (call) => call;

function omitted<T extends object, Field extends keyof T>(fields: T, field: Field): Omit<T, Field> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field)) as Omit<T, Field>;
}

const withoutSetting =
  (setting: keyof CallSettings): WithoutFeature =>
  (call) => {
    if (call.settings?.[setting] === undefined) return call;
    return { ...call, settings: omitted(call.settings, setting) };
  };

/** With tools, OpenAI's newer models reason at Responses only. */
const withoutReasoning: WithoutFeature = (call) =>
  call.settings?.reasoningEffort === 'none'
    ? call
    : { ...call, settings: { ...call.settings, reasoningEffort: 'none' } };

const withoutStrict: WithoutFeature = (call) => {
  if (!call.tools?.some(({ strict }) => strict)) return call;
  return { ...call, tools: call.tools.map((tool) => omitted(tool, 'strict')) };
};

type UserPart = TextPart | ImagePart | FilePart;

/** Parts of the user's messages become a remark, so that the model can say what it lacks. */
function replacing(type: UserPart['type'], remark: (part: UserPart) => string): WithoutFeature {
  const replaced = (message: Message): Message =>
    message.role === 'user'
      ? {
          ...message,
          content: message.content.map((part) => (part.type === type ? { type: 'text', text: remark(part) } : part)),
        }
      : message;
  return (call) => {
    const isUsed = call.prompt.some(
      ({ role, content }) => role === 'user' && content.some((part) => part.type === type),
    );
    return isUsed ? { ...call, prompt: call.prompt.map(replaced) } : call;
  };
}

const isThought = ({ type }: { readonly type: string }): boolean => type === 'reasoning';

const withoutEarlierReasoning: WithoutFeature = (call) => {
  if (!call.prompt.some(({ role, content }) => role === 'assistant' && content.some(isThought))) return call;
  return {
    ...call,
    prompt: call.prompt.map((message) =>
      message.role === 'assistant'
        ? { ...message, content: message.content.filter((part) => !isThought(part)) }
        : message,
    ),
  };
};

const nameOf = (part: UserPart): string => ('name' in part && part.name ? ` "${part.name}"` : '');

/**
 * By feature, how a call changes. `same`: only the body of the request changes, the conversation is made to fit other rules, or
 * (tools) the text of the answer is searched for calls.
 */
const WITHOUT: Readonly<Record<Feature, WithoutFeature>> = {
  tools: same,
  tool_choice: suggestTool,
  parallel_tool_calls: same,
  strict_tools: withoutStrict,
  tools_while_reasoning: withoutReasoning,
  temperature: withoutSetting('temperature'),
  top_p: withoutSetting('topP'),
  top_k: withoutSetting('topK'),
  frequency_penalty: withoutSetting('frequencyPenalty'),
  presence_penalty: withoutSetting('presencePenalty'),
  stop: withoutSetting('stop'),
  seed: withoutSetting('seed'),
  reasoning: withoutSetting('reasoningEffort'),
  reasoning_summary: same,
  encrypted_reasoning: same,
  earlier_reasoning: withoutEarlierReasoning,
  images: replacing('image', () => UNSEEN_PICTURE),
  files: replacing(
    'file',
    (part) => `[The file${nameOf(part)} is here, which this model cannot read. Say so if it matters.]`,
  ),
  prefill: same,
  alternation: same,
  system_role: same,
  max_tokens: withoutSetting('maxTokens'),
  max_tokens_field: same,
  response_format: same,
  stream_options: same,
  store: same,
};

/** What the person gave: its loss is shown in the conversation, where it was given with the newest message. */
const NOTICES: ReadonlyMap<Feature, { readonly type: UserPart['type']; readonly notice: string }> = new Map([
  ['images', { type: 'image', notice: 'The chosen model cannot see pictures.' }],
  ['files', { type: 'file', notice: 'The chosen model could not read an attached file.' }],
]);

/** The conversation is made to fit by its own rules; see `conversation/with-conversation.ts`. */
const RESHAPED: ReadonlySet<Feature> = new Set(['prefill', 'alternation', 'system_role']);

/** The call without these features, with a warning for each that it has used. */
export function withoutFeatures(
  call: ModelCall,
  features: Iterable<Feature>,
): { readonly call: ModelCall; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  let left = call;
  for (const feature of features) {
    const next = WITHOUT[feature](left);
    const isUsed = next !== left || RESHAPED.has(feature) || (feature === 'tools' && (call.tools?.length ?? 0) > 0);
    if (isUsed) warnings.push(warningOf(feature, call));
    left = next;
  }
  return { call: left, warnings };
}

export function warningOf(feature: Feature, call?: ModelCall): Warning {
  const detail = `the model has refused "${feature}" with an error, and was asked ${INSTEAD[feature] ?? 'without it'}`;
  const content = NOTICES.get(feature);
  if (!content) return { code: 'unsupported_setting', setting: feature, detail };
  const newest = call?.prompt.findLast((message): message is UserMessage => message.role === 'user');
  const isNew = newest?.content.some(({ type }) => type === content.type) ?? false;
  return { code: 'unsupported_content', detail, notice: isNew ? content.notice : null };
}

const INSTEAD: Readonly<Partial<Record<Feature, string>>> = {
  tools: 'with the tools described in its instructions',
  tool_choice: 'in words to use the tool',
  tools_while_reasoning: 'not to reason',
  max_tokens_field: 'with the other name of the field',
  prefill: 'with the last word of the user',
  alternation: 'with messages of one role joined',
  system_role: 'with the instructions in the first message of the user',
};
