import {
  type ModelToolResult,
  type ServerTool,
  StreamError,
  type Tool,
  ToolArgumentsError,
  type TurnContext,
} from '#chatkit';
import type { Message } from '#providers';
import { toolContext } from '../context/turn-context.js';
import type { StepLog } from '../attempt/step-log.js';
import { authorFailure } from '../module-loader/author-frames.js';
import { loggableText } from '../module-loader/loggable-text.js';
import { thrownMessage } from '../module-loader/thrown-text.js';
import type { TurnEnd } from '../context/turn-end.js';
import { TURN_BOUNDS } from '../output/turn-bounds.js';
import type { ToolCall } from './model-events.js';

export interface ToolRound {
  readonly ctx: TurnContext;
  /** What the model was asked: none of it may get into the log with what a tool throws. */
  readonly prompt: readonly Message[];
  readonly end: TurnEnd;
  readonly tools: readonly Tool[];
  readonly parallel: boolean;
  /** Records that a tool which must not run twice is about to start. */
  readonly beginUnsafe: () => Promise<void>;
  readonly steps: StepLog;
}

/** Runs the tools that the model asked for, in its order, and returns the results for the next model call. */
export async function runTools(round: ToolRound, calls: readonly ToolCall[]): Promise<ModelToolResult[]> {
  const results: ModelToolResult[] = [];
  const server = calls.filter((call) => toolOf(round, call)?.kind !== 'client');
  if (server.some((call) => isUnsafe(toolOf(round, call)))) await round.beginUnsafe();
  if (round.parallel) results.push(...(await Promise.all(server.map((call) => runOne(round, call)))));
  else for (const call of server) results.push(await runOne(round, call));
  return [...results, ...callClientTool(round, calls)];
}

const toolOf = ({ tools }: ToolRound, call: ToolCall): Tool | undefined => tools.find(({ name }) => name === call.name);
const isUnsafe = (tool: Tool | undefined): boolean => tool?.kind === 'server' && !tool.retrySafe;

/**
 * The first one asked for: a turn has one client tool call, and nothing comes after it [TC-1] [TC-2]. Invalid arguments
 * never reach the page; the model gets the error.
 */
function callClientTool(round: ToolRound, calls: readonly ToolCall[]): ModelToolResult[] {
  if (round.end.clientCall) return [];
  const refused: ModelToolResult[] = [];
  for (const call of calls) {
    if (toolOf(round, call)?.kind !== 'client') continue;
    try {
      const args = parseArguments(call);
      round.end.callClientTool({ name: call.name, arguments: args, callId: call.callId });
      return [];
    } catch (error) {
      if (!(error instanceof ToolArgumentsError)) throw error;
      refused.push(toResult(call, failureText(error)));
    }
  }
  return refused;
}

async function runOne(round: ToolRound, call: ToolCall): Promise<ModelToolResult> {
  const tool = toolOf(round, call);
  return toResult(
    call,
    tool?.kind === 'server' ? await resultOf(round, tool, call) : `There is no tool "${call.name}".`,
  );
}

const toResult = ({ callId, name }: ToolCall, output: string): ModelToolResult => ({
  type: 'tool-result',
  callId,
  name,
  output,
});
const failureText = (error: unknown): string => `The tool failed: ${thrownMessage(error)}`;

async function resultOf({ ctx, end, steps, prompt }: ToolRound, tool: ServerTool, call: ToolCall): Promise<string> {
  try {
    const args = parseArguments(call);
    const own = toolContext(ctx, end, { id: call.callId, name: call.name });
    const result = await steps.tool(tool.name, async () => tool.call(args, own));
    return cutResult(ctx, tool, toText(result));
  } catch (error) {
    // The person's stop, and what the assistant's author means for the person, are not for the model.
    if (ctx.signal.aborted || error instanceof StreamError || tool.onError === 'fail') throw error;
    const text = loggableText(error, [...prompt, { role: 'assistant', content: [call] }]);
    ctx.log.warn('a tool failed', { tool: tool.name, error: text, ...authorFailure(error) });
    return cutResult(ctx, tool, failureText(error));
  }
}

/** The beginning of a result that is too long for any model, which is told so. */
function cutResult({ log }: TurnContext, { name }: ServerTool, text: string): string {
  const most = TURN_BOUNDS.resultChars;
  if (text.length <= most) return text;
  log.warn('the result of a tool was cut', { tool: name, characters: text.length, kept: most });
  return `${text.slice(0, most)}\n[The result has ${text.length} characters: what follows the first ${most} is missing here.]`;
}

/** No arguments, and null, are an empty object; text that is not a JSON object never reaches a tool. */
function parseArguments({ name, arguments: text }: ToolCall): Record<string, unknown> {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ToolArgumentsError(`The arguments of ${name} are not valid JSON.`, { cause });
  }
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ToolArgumentsError(`The arguments of ${name} must be a JSON object.`);
}

function toText(result: unknown): string {
  if (typeof result === 'string') return result;
  return JSON.stringify(result ?? null) ?? String(result);
}
