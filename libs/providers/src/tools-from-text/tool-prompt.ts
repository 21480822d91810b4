import type { ModelCall } from '../spec/language-model.js';
import type {
  AssistantMessage,
  Message,
  ToolCallPart,
  ToolChoice,
  ToolDefinition,
  ToolMessage,
  UserMessage,
} from '../spec/prompt.js';
import { CALL_CLOSE, CALL_OPEN, RESULT_OPEN } from './call-candidate.js';

/** The tools that are described and may be called. */
export const offeredTools = ({ tools = [], toolChoice }: ModelCall): readonly ToolDefinition[] =>
  toolChoice === 'none' ? [] : tools;

/** Whether the call contains something that a model without tool support cannot receive. */
export const needsDescription = (call: ModelCall): boolean =>
  (call.tools?.length ?? 0) > 0 ||
  call.prompt.some(
    ({ role, content }) =>
      role === 'tool' || (role === 'assistant' && content.some(({ type }) => type === 'tool-call')),
  );

/** The same call for such a model: tools are described in the instructions, earlier calls and results are text. */
export function describeTools(
  { tools: _tools, toolChoice, ...call }: ModelCall,
  offered: readonly ToolDefinition[],
): ModelCall {
  const prompt = call.prompt.map(toText);
  return { ...call, prompt: offered.length === 0 ? prompt : instruct(prompt, instructions(offered, toolChoice)) };
}

function instructions(tools: readonly ToolDefinition[], choice: ToolChoice | undefined): string {
  const described = tools.map(({ name, description, parameters }) =>
    JSON.stringify({ name, ...(description && { description }), parameters }),
  );
  return [
    '# Tools',
    `You can call tools. Each line between the tags describes one, its arguments by a JSON schema:`,
    `<tools>\n${described.join('\n')}\n</tools>`,
    'To call a tool, write exactly this, on lines of its own and not as code, with the arguments as a JSON object:',
    `${CALL_OPEN}\n{"name": "<name of the tool>", "arguments": <arguments>}\n${CALL_CLOSE}`,
    'For several calls, write several of these, one after the other. Then stop: the results come in the next message, ' +
      `between ${RESULT_OPEN} tags, which you never write yourself. Call only the tools above, and do not talk about ` +
      'this format.',
    demand(choice),
  ].join('\n\n');
}

function demand(choice: ToolChoice = 'auto'): string {
  if (typeof choice === 'object') return `Now you must call the tool ${JSON.stringify(choice.name)}.`;
  if (choice === 'required') return 'Now you must call at least one tool.';
  return 'Where no tool helps, answer in plain words.';
}

/** Appended to existing instructions, because many models accept only one system message. */
function instruct(prompt: readonly Message[], description: string): Message[] {
  const place = prompt.findIndex(({ role }) => role === 'system');
  const message = prompt[place];
  if (message?.role !== 'system') return [{ role: 'system', content: description }, ...prompt];
  return prompt.with(place, { role: 'system', content: `${message.content}\n\n${description}` });
}

function toText(message: Message): Message {
  if (message.role === 'tool') return resultsAsText(message);
  return message.role === 'assistant' ? callsAsText(message) : message;
}

function callsAsText({ role, content }: AssistantMessage): AssistantMessage {
  const merged: AssistantMessage['content'][number][] = [];
  // Joined once at the end of each text: an answer may have many calls.
  let pieces: string[] = [];
  const endText = (): void => {
    if (pieces.length > 0) merged.push({ type: 'text', text: pieces.join('') });
    pieces = [];
  };
  for (const part of content) {
    const text = part.type === 'text' ? part.text : part.type === 'tool-call' ? callText(part) : undefined;
    if (text === undefined) {
      endText();
      merged.push(part);
      continue;
    }
    const before = pieces.at(-1) ?? '';
    if (before !== '' && (part.type === 'tool-call' || before.endsWith(CALL_CLOSE))) pieces.push('\n');
    pieces.push(text);
  }
  endText();
  return { role, content: merged };
}

const callText = ({ name, arguments: args }: ToolCallPart): string =>
  `${CALL_OPEN}\n${inTag({ name, arguments: args.trim() === '' ? '{}' : args })}\n${CALL_CLOSE}`;

function resultsAsText({ content }: ToolMessage): UserMessage {
  const texts = content.map(
    ({ name, output }) => `${RESULT_OPEN}\n${inTag({ name, content: output })}\n</tool_response>`,
  );
  return { role: 'user', content: [{ type: 'text', text: texts.join('\n') }] };
}

/** An object on one line. A closing tag within it would end it early: in JSON, a slash may be escaped. */
function inTag({ name, ...other }: { readonly name: string } & Readonly<Record<string, string>>): string {
  const fields = Object.entries(other).map(([key, text]) => `"${key}": ${asJson(text)}`);
  return `{"name": ${JSON.stringify(name)}, ${fields.join(', ')}}`.replaceAll('</', String.raw`<\/`);
}

/** JSON as it is, anything else as a JSON string. */
function asJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
