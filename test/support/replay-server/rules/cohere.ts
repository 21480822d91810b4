// What https://docs.cohere.com/reference/chat demands of a request.
import { type Body, demand, isObject, objects } from '../bad-request.js';

const FIELDS = new Set(
  `model messages stream tools strict_tools documents citation_options response_format safety_mode max_tokens
  stop_sequences temperature seed frequency_penalty presence_penalty k p logprobs tool_choice thinking priority`.split(
    /\s+/,
  ),
);

const ROLES = new Set(['user', 'assistant', 'system', 'tool']);
const PARTS = new Set(['text', 'image_url', 'document', 'thinking']);

export function checkCohere(body: Body): void {
  demand(typeof body['model'] === 'string' && body['model'], 'invalid request: model is required');
  for (const field of Object.keys(body)) {
    demand(FIELDS.has(field), `unknown field: parameter '${field}' is not a valid field`, { status: 422 });
  }
  demand(objects(body['messages']).length > 0, 'invalid request: messages must not be empty');
  checkMessages(objects(body['messages']));
  for (const { type, function: called } of objects(body['tools'])) {
    const { name, parameters } = isObject(called) ? called : {};
    demand(
      type === 'function' && /^[a-zA-Z_][\w-]*$/.test(String(name)),
      'invalid request: tool must have a valid name',
    );
    const typed = parameters === undefined || (isObject(parameters) && parameters['type'] === 'object');
    demand(typed, 'invalid request: parameters of a tool must be of type object');
  }
  const { tool_choice: choice, temperature = 0 } = body;
  const chosen = choice === undefined || choice === 'REQUIRED' || choice === 'NONE';
  demand(chosen, 'invalid request: tool_choice must be one of REQUIRED or NONE');
  const inRange = typeof temperature === 'number' && temperature >= 0 && temperature <= 1;
  demand(inRange, 'invalid request: temperature must be between 0 and 1.0 inclusive.');
}

function checkMessages(messages: readonly Body[]): void {
  const calls = new Set<unknown>();
  for (const message of messages) {
    const { role, content } = message;
    demand(ROLES.has(String(role)), `invalid request: message has an invalid role '${String(role)}'`);
    const isText = content === undefined || typeof content === 'string' || Array.isArray(content);
    demand(isText, 'invalid request: message content must be a string or a list');
    for (const { type } of objects(content)) demand(PARTS.has(String(type)), `invalid type '${String(type)}'`);
    const own = objects(message['tool_calls']);
    for (const { id } of own) calls.add(id);
    if (role === 'tool') demand(calls.has(message['tool_call_id']), 'invalid request: tool call id not found');
    const filled = own.length > 0 || role === 'tool' || (Array.isArray(content) ? content.length > 0 : content);
    demand(filled, 'invalid request: all elements in messages must have content or tool calls');
  }
  demand(messages.at(-1)?.['role'] !== 'assistant', 'invalid request: last message must be from the user or a tool');
}
