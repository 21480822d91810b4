import type { ModelCall } from '../../spec/language-model.js';
import type { ToolDefinition, ToolResultPart } from '../../spec/prompt.js';

/** What a message makes the demo do with the tools of a call. */
export type ToolUse =
  | { readonly type: 'call'; readonly name: string; readonly arguments: string }
  /** In place of an answer. */
  | { readonly type: 'say'; readonly text: string };

const COMMAND = '(call=';
const CALL = /\(call=([\w-]{1,64})\s*(\{[^]*\})?\s*\)/y;
/** Of the tools that an answer names. */
const MAX_NAMED = 5;

/**
 * `(call=NAME {…})` calls a tool with these arguments, and the answer after it says what the tool has returned. Undefined: the
 * message is answered as usual.
 */
export function toolUse(message: string, { prompt, tools = [], toolChoice }: ModelCall): ToolUse | undefined {
  const newest = prompt.at(-1);
  if (newest?.role === 'tool') return { type: 'say', text: newest.content.map(told).join('\n\n') };
  if (toolChoice === 'none') return undefined;
  const asked = askedIn(message) ?? forced(tools, toolChoice);
  if (!asked || tools.some(({ name }) => name === asked.name)) return asked;
  const offer = toolOffer(tools) ?? 'This assistant has no tools.';
  return { type: 'say', text: `There is no tool \`${asked.name}\` here. ${offer}` };
}

/** How to have a tool called, for those who do not know it. Undefined where there are none. */
export function toolOffer(tools: readonly ToolDefinition[]): string | undefined {
  if (tools.length === 0) return undefined;
  const commands = tools.slice(0, MAX_NAMED).map((tool) => `- \`${COMMAND}${tool.name} ${sampleArguments(tool)})\``);
  return `This assistant has tools. To have one called, write:\n\n${commands.join('\n')}`;
}

function askedIn(message: string): Extract<ToolUse, { type: 'call' }> | undefined {
  const start = message.indexOf(COMMAND);
  if (start < 0) return undefined;
  // One try: a message may hold very many of them.
  CALL.lastIndex = start;
  const [, name, given = '{}'] = CALL.exec(message) ?? [];
  return name === undefined ? undefined : { type: 'call', name, arguments: given };
}

function forced(
  tools: readonly ToolDefinition[],
  choice: ModelCall['toolChoice'],
): Extract<ToolUse, { type: 'call' }> | undefined {
  const tool = choice === 'required' ? tools[0] : tools.find(({ name }) => isNamed(choice) && choice.name === name);
  return tool && { type: 'call', name: tool.name, arguments: sampleArguments(tool) };
}

const isNamed = (choice: ModelCall['toolChoice']): choice is { readonly name: string } => typeof choice === 'object';

const told = ({ name, output }: ToolResultPart): string =>
  `**This is the demo provider.** The tool \`${name}\` has returned:\n\n${fenced(output)}`;

/** Longer than any fence in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** Arguments of the right shape, for somebody to change. */
function sampleArguments({ parameters }: ToolDefinition): string {
  const properties = (parameters['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  const named = Object.entries(properties).map(([name, schema]) => [name, sample(schema)] as const);
  return JSON.stringify(Object.fromEntries(named));
}

function sample(schema: unknown): unknown {
  const { enum: values, type } = (schema ?? {}) as { readonly enum?: readonly unknown[]; readonly type?: unknown };
  if (Array.isArray(values)) return values[0];
  switch (type) {
    case 'string':
      return '…';
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return null;
  }
}
