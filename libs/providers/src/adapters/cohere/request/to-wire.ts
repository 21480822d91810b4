import type { Cohere } from 'cohere-ai';
import { dropAbsent } from '../../../http/json.js';
import type { CallSettings } from '../../../spec/call-settings.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { ModelRef } from '../../../spec/model-ref.js';
import type { ModelDocument, ToolChoice, ToolDefinition } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';
import { withinRanges } from '../../../traits/within-ranges.js';
import { RANGES } from '../settings.js';
import { toMessages } from './to-messages.js';
import type { CohereRequest } from '../wire.js';

type Effort = NonNullable<CallSettings['reasoningEffort']>;

/**
 * Thinking tokens by effort; without a budget the model thinks as long as it wants, which Cohere recommends. 31,000 is the most
 * that leaves room for an answer (https://docs.cohere.com/docs/reasoning).
 */
const TOKEN_BUDGET: Readonly<Record<Exclude<Effort, 'none'>, number | undefined>> = {
  minimal: 500,
  low: 2_000,
  medium: 8_000,
  high: 16_000,
  xhigh: 31_000,
  max: undefined,
};

/** What the options cannot replace: the prompt, and what the reader of the answer relies on. */
const RESERVED = ['model', 'messages', 'stream'];

/** A call as the body of a streamed chat, with what could not be expressed in it. */
export function toWire(call: ModelCall, ref: ModelRef): { body: CohereRequest; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const documents = toDocuments(call.documents);
  const body: CohereRequest = {
    ...toSettings(withinRanges(call.settings ?? {}, RANGES, warnings)),
    ...toTools(call.tools, call.toolChoice, warnings),
    ...(documents.length > 0 && { documents }),
    model: ref.model,
    messages: call.prompt.flatMap((message) => toMessages(message, warnings)),
    options: toOptions(call.providerOptions?.[ref.provider], documents.length > 0),
  };
  return { body, warnings };
}

function toOptions(options: Readonly<Record<string, unknown>> = {}, withDocuments: boolean): Record<string, unknown> {
  const reserved = new Set(withDocuments ? [...RESERVED, 'documents'] : RESERVED);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !reserved.has(name)));
}

function toSettings(settings: CallSettings): Partial<CohereRequest> {
  const { maxTokens, temperature, topP, topK, frequencyPenalty, presencePenalty, stop, seed, reasoningEffort } =
    settings;
  // The SDK sends null for a field that is undefined.
  return dropAbsent<Partial<CohereRequest>>({
    maxTokens,
    temperature,
    p: topP,
    k: topK,
    frequencyPenalty,
    presencePenalty,
    stopSequences: stop?.length ? [...stop] : undefined,
    seed,
    thinking: reasoningEffort && toThinking(reasoningEffort),
  });
}

function toThinking(effort: Effort): Cohere.Thinking {
  if (effort === 'none') return { type: 'disabled' };
  const tokenBudget = TOKEN_BUDGET[effort];
  return { type: 'enabled', ...(tokenBudget !== undefined && { tokenBudget }) };
}

/** One function cannot be chosen by name: it is chosen by being the only one. */
function toTools(
  tools: readonly ToolDefinition[] = [],
  choice: ToolChoice | undefined,
  warnings: Warning[],
): Partial<CohereRequest> {
  if (tools.length === 0) return {};
  const offered = typeof choice === 'object' ? tools.filter(({ name }) => name === choice.name) : tools;
  const fields = { toolChoice: toChoice(choice), strictTools: toStrict(offered, warnings) };
  return { tools: offered.map(toTool), ...dropAbsent<Partial<CohereRequest>>(fields) };
}

function toTool({ name, description, parameters }: ToolDefinition): Cohere.ToolV2 {
  const described = description === undefined ? {} : { description };
  return { type: 'function', function: { name, ...described, parameters } };
}

function toChoice(choice: ToolChoice = 'auto'): Cohere.V2ChatStreamRequestToolChoice | undefined {
  if (choice === 'auto') return undefined;
  return choice === 'none' ? 'NONE' : 'REQUIRED';
}

/** All tools of a request are strict, or none. */
function toStrict(tools: readonly ToolDefinition[], warnings: Warning[]): true | undefined {
  const strict = tools.filter((tool) => tool.strict);
  if (strict.length === 0) return undefined;
  if (strict.length === tools.length) return true;
  const detail = `strict for all tools or none; not strict now: ${strict.map(({ name }) => name).join(', ')}`;
  warnings.push({ code: 'unsupported_setting', setting: 'strict', detail });
  return undefined;
}

/** Empty documents and ids that stand twice (passages of one text) are refused; Cohere makes up ids for those without. */
function toDocuments(documents: readonly ModelDocument[] = []): Cohere.Document[] {
  const ids = new Set<string>();
  return documents
    .filter(({ text }) => text.trim() !== '')
    .map(({ id, title, text, url }) => {
      const isNew = id !== undefined && !ids.has(id);
      if (isNew) ids.add(id);
      return { ...(isNew && { id }), data: { title, snippet: text, url } };
    });
}
