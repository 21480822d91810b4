// What https://platform.openai.com/docs/api-reference/chat demands of a request, and Mistral besides.
import { type Body, demand, isObject, objects } from '../bad-request.js';
import { checkSampling } from './sampling.js';

/** What OpenAI's own server knows; it refuses every other field. */
const FIELDS = new Set(
  `model messages stream stream_options tools tool_choice parallel_tool_calls temperature top_p n max_tokens
  max_completion_tokens stop presence_penalty frequency_penalty logit_bias logprobs top_logprobs user response_format seed
  modalities audio prediction reasoning_effort service_tier store metadata web_search_options verbosity prompt_cache_key
  safety_identifier`.split(/\s+/),
);

const ROLES = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);

const PARTS: Readonly<Record<string, readonly string[]>> = {
  user: ['text', 'image_url', 'input_audio', 'file', 'document_url', 'video_url'],
  assistant: ['text', 'refusal', 'thinking', 'reference'],
  tool: ['text', 'image_url', 'file'],
};

export function checkChat(body: Body, wire: string): void {
  demand(typeof body['model'] === 'string' && body['model'], 'you must provide a model parameter');
  demand(Array.isArray(body['messages']) && body['messages'].length > 0, "Invalid 'messages'", { param: 'messages' });
  if (wire === 'openai-chat') {
    for (const field of Object.keys(body))
      demand(FIELDS.has(field), `Unrecognized request argument supplied: ${field}`);
    const both = body['max_tokens'] !== undefined && body['max_completion_tokens'] !== undefined;
    demand(!both, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
  }
  const streamed = body['stream'] === true || body['stream_options'] === undefined;
  demand(streamed, "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
  checkSampling(body, wire === 'mistral' ? 1.5 : 2, ['max_tokens', 'max_completion_tokens']);
  checkMessages(objects(body['messages']), wire);
  checkTools(body);
}

function checkMessages(messages: readonly Body[], wire: string): void {
  /** Calls that wait for their results, which must follow at once. */
  let open = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    const param = `messages[${index}]`;
    demand(ROLES.has(String(message['role'])), `Invalid value: '${String(message['role'])}'.`, { param });
    if (message['role'] === 'tool') {
      const named = open.delete(message['tool_call_id']);
      demand(named, "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.", {
        param,
      });
    } else {
      demand(open.size === 0, "An assistant message with 'tool_calls' must be followed by tool messages", { param });
      open = callsOf(message, wire, param);
    }
    checkContent(message, param);
  }
  demand(open.size === 0, "An assistant message with 'tool_calls' must be followed by tool messages");
  const last = messages.at(-1);
  const answerable = last?.['role'] === 'user' || last?.['role'] === 'tool' || last?.['prefix'] === true;
  if (wire === 'mistral') demand(answerable, 'Expected last role User or Tool', { code: '3230' });
}

function callsOf(message: Body, wire: string, param: string): Set<unknown> {
  const calls = message['tool_calls'];
  if (calls === undefined) return new Set();
  demand(Array.isArray(calls) && calls.length > 0, `Invalid '${param}.tool_calls': empty array.`, { param });
  for (const { id, type, function: called } of objects(calls)) {
    demand(typeof id === 'string' && id, `Missing required parameter: '${param}.tool_calls.id'.`, { param });
    const fits = wire !== 'mistral' || /^[a-zA-Z0-9]{9}$/.test(id);
    demand(fits, `Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`, { code: '3280' });
    demand(type === 'function' || wire === 'mistral', `Missing required parameter: '${param}.tool_calls.type'.`);
    const given = isObject(called) && typeof called['name'] === 'string' && typeof called['arguments'] === 'string';
    demand(given, `Invalid type for '${param}.tool_calls.function.arguments': expected a string`, { param });
  }
  return new Set(objects(calls).map(({ id }) => id));
}

function checkContent({ role, content, tool_calls: calls }: Body, param: string): void {
  if (content === undefined || content === null) {
    demand(role === 'assistant' && calls !== undefined, "Invalid value for 'content': expected a string, got null.");
    return;
  }
  if (typeof content === 'string') return;
  demand(Array.isArray(content) && content.length > 0, `Invalid type for '${param}.content'`, { param });
  const known = PARTS[String(role)] ?? ['text'];
  for (const { type } of objects(content)) demand(known.includes(String(type)), `Invalid value: '${String(type)}'.`);
}

function checkTools({ tools, tool_choice: choice }: Body): void {
  if (tools === undefined) {
    const none = choice === undefined || choice === null || choice === 'none';
    return demand(none, "'tool_choice' is only allowed when 'tools' are specified.", { param: 'tool_choice' });
  }
  demand(Array.isArray(tools) && tools.length > 0, "Invalid 'tools': empty array.", { param: 'tools' });
  for (const { function: called } of objects(tools)) {
    const { name, parameters } = isObject(called) ? called : {};
    demand(/^[a-zA-Z0-9_-]{1,64}$/.test(String(name)), "Invalid 'tools.function.name'", { code: 'invalid_value' });
    const typed = parameters === undefined || (isObject(parameters) && parameters['type'] === 'object');
    demand(typed, `Invalid schema for function '${String(name)}'`, { code: 'invalid_function_parameters' });
  }
}
