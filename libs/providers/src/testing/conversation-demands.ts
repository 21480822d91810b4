// What servers demand of the conversation in a request body, from the vendors' documents and chat templates. It knows nothing of
// the code that makes conversations fit, so that the two can be compared.

type Body = Readonly<Record<string, unknown>>;

/** @throws Error unless the condition holds, with the words of a server */
function demand(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

const list = (value: unknown): Body[] => (Array.isArray(value) ? (value as Body[]) : []);
const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';
const isObjectText = (value: unknown): boolean => {
  const parsed: unknown = JSON.parse(String(value));
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
};

/** Which of the rules that differ a server of chat completions has. */
export interface ChatDemands {
  readonly strict: boolean;
  readonly userAfterTool: boolean;
  readonly system: 'anywhere' | 'first' | 'none';
  readonly callId: RegExp;
}

/** Chat completions; `strict` as the chat templates of Gemma and Mistral, and Perplexity. @throws Error */
export function checkChat(messages: readonly Body[], demands: ChatDemands): void {
  demand(messages.length > 0, 'messages must not be empty');
  let open: unknown[] = [];
  const ids = new Set<unknown>();
  for (const { role, content, tool_calls: calls, tool_call_id: id } of messages) {
    demand(role === 'tool' || open.length === 0, "'tool_calls' must be followed by tool messages");
    if (role === 'tool') {
      demand(open.includes(id), 'a tool message must answer a call right before it');
      open = open.filter((one) => one !== id);
    }
    for (const { id: callId, function: called } of list(calls)) {
      const { name, arguments: args } = called as Body;
      demand(demands.callId.test(String(callId)), `tool call id ${String(callId)}`);
      demand(!ids.has(callId), 'tool call ids must be unique');
      demand(/^[\w-]{1,64}$/.test(String(name)), 'function name');
      demand(isObjectText(args), 'arguments must be a JSON object');
      ids.add(callId);
      open.push(callId);
    }
    const isEmpty = content === null || content === undefined || isBlank(content) || list(content).some(isEmptyPart);
    demand(!isEmpty || list(calls).length > 0, `empty content of ${String(role)}`);
    demand(!Array.isArray(content) || content.length > 0, 'empty list of content');
  }
  demand(open.length === 0, 'a call has no result');
  checkOrder(
    messages.map(({ role }) => String(role)),
    demands,
  );
}

const isEmptyPart = ({ type, text }: Body): boolean => type === 'text' && isBlank(text);

function checkOrder(roles: readonly string[], { strict, system, userAfterTool }: ChatDemands): void {
  const systems = roles.filter((role) => role === 'system').length;
  if (system === 'none') demand(systems === 0, 'System role not supported');
  if (system === 'first')
    demand(systems === 0 || (systems === 1 && roles[0] === 'system'), 'one system message, first');
  if (!strict) return;
  const said = roles.filter((role, index) => role !== 'system' && !(role === 'tool' && roles[index - 1] === 'tool'));
  demand(said[0] === 'user', 'the first message must be from the user');
  demand(said.at(-1) !== 'assistant', 'Expected last role User or Tool');
  for (const [index, role] of said.entries()) {
    const before = said[index - 1];
    demand(role !== before, 'Conversation roles must alternate user/assistant/user/assistant/...');
    if (!userAfterTool) demand(!(role === 'user' && before === 'tool'), "Unexpected role 'user' after role 'tool'");
  }
}

/** OpenAI's Responses. @throws Error */
export function checkResponses({ input, instructions }: Body): void {
  const items = list(input);
  demand(items.length > 0 || instructions !== undefined, 'one of input or instructions');
  const open = new Set<unknown>();
  const ids = new Set<unknown>();
  for (const { type, role, call_id: id, name, arguments: args, output, content } of items) {
    if (type === 'function_call') {
      demand(/^[\w-]{1,64}$/.test(String(id)) && !ids.has(id), `call_id ${String(id)}`);
      demand(isObjectText(args) && /^[\w-]{1,64}$/.test(String(name)), 'function_call');
      ids.add(id).add(open.add(id));
    } else if (type === 'function_call_output') {
      demand(open.delete(id), 'No tool call found for function call output');
      demand(!isBlank(output), 'output');
    } else if (role !== undefined) {
      demand(!isBlank(content), 'content');
      for (const { text } of list(content)) demand(!isBlank(text), 'text');
    }
  }
  demand(open.size === 0, 'No tool output found for function call');
}

/** Anthropic's Messages, of models with and without prefill. @throws Error */
export function checkAnthropic({ messages, system }: Body, prefill: boolean): void {
  demand(system === undefined || !isBlank(system), 'system: text content blocks must be non-empty');
  const turns = list(messages);
  demand(turns.length > 0 && turns[0]?.['role'] === 'user', 'first message must use the "user" role');
  demand(prefill || turns.at(-1)?.['role'] === 'user', 'The conversation must end with a user message');
  const ids = new Set<unknown>();
  for (const [index, { role, content }] of turns.entries()) {
    demand(role !== turns[index - 1]?.['role'], 'roles must alternate');
    const blocks = list(content);
    demand(blocks.length > 0, 'all messages must have non-empty content');
    const answered = list(turns[index + 1]?.['content']).filter(({ type }) => type === 'tool_result');
    const uses = blocks.filter(({ type }) => type === 'tool_use');
    const results = blocks.filter(({ type }) => type === 'tool_result');
    demand(
      uses.every(({ id }) => answered.some((result) => result['tool_use_id'] === id)),
      'tool_use ids were found without tool_result blocks immediately after',
    );
    const before = list(turns[index - 1]?.['content']).filter(({ type }) => type === 'tool_use');
    demand(results.length === before.length, 'unexpected tool_use_id found in tool_result blocks');
    demand(
      blocks.slice(0, results.length).every(({ type }) => type === 'tool_result'),
      'tool_result blocks must come first',
    );
    for (const { id, input } of uses) {
      demand(/^[\w-]{1,64}$/.test(String(id)) && !ids.has(id), `tool_use.id ${String(id)}`);
      demand(typeof input === 'object' && input !== null && !Array.isArray(input), 'tool_use.input');
      ids.add(id);
    }
    for (const { type, text } of blocks) demand(type !== 'text' || !isBlank(text), 'text must be non-empty');
  }
  const last = list(turns.at(-1)?.['content']).at(-1);
  const isPrefill = turns.at(-1)?.['role'] === 'assistant' && last?.['type'] === 'text';
  demand(
    !isPrefill || !/\s$/.test(String(last['text'])),
    'final assistant content cannot end with trailing whitespace',
  );
}

/** Ollama takes arguments as objects, and content as one string. @throws Error */
export function checkOllama(messages: readonly Body[]): void {
  const asText = messages.map((message) => ({
    ...message,
    content: list(message['images']).length > 0 ? 'a picture' : message['content'],
    tool_calls: list(message['tool_calls']).map(({ id, function: called }) => {
      const { name, arguments: args } = called as Body;
      demand(typeof args === 'object', 'arguments must be an object');
      return { id, function: { name, arguments: JSON.stringify(args) } };
    }),
  }));
  checkChat(asText, { strict: true, userAfterTool: false, system: 'first', callId: /^[^]{1,128}$/ });
}
