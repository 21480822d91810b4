import { list, object } from '../../../../http/json.js';
import type { CallSettings } from '../../../../spec/call-settings.js';
import { chatTraits } from '../../../../traits/chat-traits.js';
import { fitSettings } from '../../../../traits/fit-settings.js';
import { ignoredDocuments } from '../../../../spec/ignored-documents.js';
import type { ModelCall } from '../../../../spec/language-model.js';
import type { ModelRef } from '../../../../spec/model-ref.js';
import type { ToolChoice, ToolDefinition } from '../../../../spec/prompt.js';
import type { Warning } from '../../../../spec/stream-part.js';
import { toInput } from './to-input.js';
import type { Include, ResponsesRequest } from '../wire.js';

type Options = Readonly<Record<string, unknown>>;

const ENCRYPTED_REASONING = 'reasoning.encrypted_content';

/** Settings that chat completions has and this format does not. */
const UNSUPPORTED = ['topK', 'frequencyPenalty', 'presencePenalty', 'stop', 'seed'] as const;

/** A call as the body of a streamed response, with what could not be expressed in it. */
export function toWire(call: ModelCall, ref: ModelRef): { body: ResponsesRequest; warnings: Warning[] } {
  const { prompt } = call;
  const hasTools = (call.tools?.length ?? 0) > 0;
  const fitted = fitSettings(call.settings ?? {}, chatTraits(ref.model, 'openai'), { hasTools, chat: false });
  const { settings } = fitted;
  const limit = toLimit(settings.maxTokens);
  const options: Options = call.providerOptions?.[ref.provider] ?? {};
  const { instructions, input } = toInput(prompt);
  const reasoning = toReasoning(settings, options);
  const replays = input.some((item) => item.type === 'reasoning');
  const body: ResponsesRequest = {
    max_output_tokens: limit.tokens,
    temperature: settings.temperature,
    top_p: settings.topP,
    // Every call sends its whole history, so a stored copy at the provider has no use.
    store: false,
    ...options,
    ...toTools(call.tools, call.toolChoice, options),
    reasoning,
    include: toInclude(options, reasoning !== undefined || replays),
    // After the options, so that they cannot replace the prompt or the fields that the reader of the answer relies on.
    previous_response_id: undefined,
    conversation: undefined,
    prompt: undefined,
    background: undefined,
    model: ref.model,
    instructions,
    input,
    stream: true,
  };
  const unplaced = UNSUPPORTED.flatMap((setting) => unsupported(settings, setting));
  return { body, warnings: [...ignoredDocuments(call), ...fitted.warnings, ...limit.warnings, ...unplaced] };
}

/** The least that this format takes: https://platform.openai.com/docs/api-reference/responses/create */
export const MIN_OUTPUT_TOKENS = 16;

function toLimit(asked: number | undefined): { readonly tokens?: number; readonly warnings: Warning[] } {
  if (asked === undefined) return { warnings: [] };
  if (asked >= MIN_OUTPUT_TOKENS) return { tokens: asked, warnings: [] };
  const detail = `responses takes ${MIN_OUTPUT_TOKENS} and more, which was sent instead of ${asked}`;
  return { tokens: MIN_OUTPUT_TOKENS, warnings: [{ code: 'unsupported_setting', setting: 'maxTokens', detail }] };
}

function unsupported(settings: CallSettings, setting: (typeof UNSUPPORTED)[number]): Warning[] {
  const value = settings[setting];
  // An empty stop list has no effect.
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  return [{ code: 'unsupported_setting', setting, detail: 'responses has no such setting' }];
}

/** The thoughts are streamed only when a summary is asked for, and models that do not reason refuse to be asked. */
function toReasoning({ reasoningEffort: effort }: CallSettings, options: Options): object | undefined {
  const own = effort && { effort, ...(effort !== 'none' && { summary: 'auto' }) };
  const given = object(options['reasoning']);
  return own || given ? { ...own, ...given } : undefined;
}

/**
 * What is not stored goes back encrypted, see `ReasoningPart`. OpenAI adds it by itself where a model reasons; asking makes
 * sure of it with others, but is an error with models that do not reason.
 */
function toInclude(options: Options, encrypted: boolean): Include[] | undefined {
  const include = new Set([...list(options['include']), ...(encrypted ? [ENCRYPTED_REASONING] : [])]);
  return include.size > 0 ? ([...include] as Include[]) : undefined;
}

/** Our tools, then the hosted ones (`web_search`, `image_generation`, ...) from the options. */
function toTools(own: readonly ToolDefinition[] = [], choice: ToolChoice | undefined, options: Options): Options {
  const tools = [...own.map(toTool), ...list(options['tools'])];
  // Both fields are refused without at least one tool.
  if (tools.length === 0) return { tools: undefined, tool_choice: undefined };
  const named = typeof choice === 'object' ? { type: 'function', name: choice.name } : choice;
  return { tools, tool_choice: options['tool_choice'] ?? named };
}

function toTool({ name, description, parameters, strict = false }: ToolDefinition): object {
  // Explicit, because the default is strict, which refuses many schemas.
  return { type: 'function', name, description, parameters, strict };
}
