import type { Tool, ToolChoice as WireToolChoice, ToolUnion } from '@anthropic-ai/sdk/resources/messages';
import { type Json, list, object } from '../../../http/json.js';
import { ignoredDocuments } from '../../../spec/ignored-documents.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { ModelRef } from '../../../spec/model-ref.js';
import type { ToolChoice, ToolDefinition } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';
import { type ClaudeTraits, claudeTraits } from '../../../traits/claude-traits.js';
import { suggestTool } from '../../../unsupported/suggest-tool.js';
import { toMessages } from './to-messages.js';
import { toSampling } from './to-sampling.js';
import { toThinking } from './to-thinking.js';
import type { CountRequest, MessagesRequest } from '../wire.js';

/** A call as the body of a streamed message, with what could not be expressed in it. */
export function toWire(asked: ModelCall, ref: ModelRef): { body: MessagesRequest; warnings: Warning[] } {
  const warnings = ignoredDocuments(asked);
  const traits = claudeTraits(ref.model);
  const call = demandable(asked, traits, warnings);
  const { settings = {}, prompt } = call;
  const options: Json = call.providerOptions?.[ref.provider] ?? {};
  const cite = !object(options['output_config'])?.['format'] && !options['output_format'];
  const { system, messages } = toMessages(prompt, { cite, warnings });
  const tools = toTools(call.tools, call.toolChoice, options);
  const { effort, forced } = { effort: settings.reasoningEffort, forced: isForced(tools.tool_choice) };
  const hasTools = tools.tools !== undefined;
  const thinking = toThinking(traits, { effort, options, forced, hasTools, messages });
  warnings.push(...thinking.warnings);
  const body: MessagesRequest = {
    max_tokens: (settings.maxTokens ?? traits.defaultMaxTokens) + thinking.budget,
    ...toSampling(settings, traits, thinking.thinks, warnings),
    ...options,
    ...tools,
    ...thinking.fields,
    // After the options, so that they cannot replace the prompt or the fields that the reader of the answer relies on.
    model: ref.model,
    system,
    messages,
    stream: true,
  };
  return { body, warnings };
}

/** A model that cannot be made to call a tool is asked to in words. */
function demandable(call: ModelCall, { forcedTools }: ClaudeTraits, warnings: Warning[]): ModelCall {
  const { toolChoice: choice } = call;
  if (forcedTools || choice === undefined || choice === 'auto' || choice === 'none') return call;
  const detail = 'this model cannot be made to call a tool: it was asked to in its instructions';
  warnings.push({ code: 'unsupported_setting', setting: 'toolChoice', detail });
  return suggestTool(call);
}

/** The part of a request that is counted, for `POST /v1/messages/count_tokens`; everything else is refused there. */
export function toCount(call: ModelCall, ref: ModelRef): CountRequest {
  const { model, system, messages, tools, tool_choice, thinking } = toWire(call, ref).body;
  return { model, system, messages, tools, tool_choice, thinking };
}

type ToolFields = Pick<MessagesRequest, 'tools' | 'tool_choice'>;

/** Ours, then those that run at Anthropic (`web_search_20250305`, ...), which stand in the options and go as they are. */
function toTools(own: readonly ToolDefinition[] = [], choice: ToolChoice | undefined, options: Json): ToolFields {
  const tools = [...own.map(toTool), ...(list(options['tools']) as readonly ToolUnion[])];
  // Both fields are refused without at least one tool.
  if (tools.length === 0) return { tools: undefined, tool_choice: undefined };
  const given = object(options['tool_choice']);
  return { tools, tool_choice: given ? (given as unknown as WireToolChoice) : toChoice(choice) };
}

function toTool({ name, description, parameters, strict }: ToolDefinition): Tool {
  // The type is insisted on; where a schema has none, the rest of it says object as well.
  return { name, description, input_schema: { type: 'object', ...parameters }, ...(strict && { strict }) };
}

function toChoice(choice: ToolChoice | undefined): WireToolChoice | undefined {
  if (choice === undefined) return undefined;
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}

function isForced(choice: WireToolChoice | undefined): boolean {
  return choice?.type === 'any' || choice?.type === 'tool';
}
