// What https://platform.openai.com/docs/api-reference/responses/create demands of a request.
import { type Body, demand, objects } from '../bad-request.js';
import { checkSampling } from './sampling.js';

const FIELDS = new Set(
  `model input instructions stream stream_options tools tool_choice parallel_tool_calls temperature top_p max_output_tokens
  max_tool_calls previous_response_id conversation reasoning text store metadata include truncation background user
  service_tier top_logprobs prompt prompt_cache_key safety_identifier context_management`.split(/\s+/),
);

const ROLES = new Set(['user', 'assistant', 'system', 'developer']);
const OUTPUT_PARTS = ['output_text', 'refusal'];
const INPUT_PARTS = ['input_text', 'input_image', 'input_file', 'input_audio'];

export function checkResponses(body: Body): void {
  demand(typeof body['model'] === 'string' && body['model'], "Missing required parameter: 'model'.", {
    param: 'model',
  });
  for (const field of Object.keys(body)) {
    demand(FIELDS.has(field), `Unknown parameter: '${field}'.`, { param: field, code: 'unknown_parameter' });
  }
  checkSampling(body, 2, ['max_output_tokens']);
  const { input, previous_response_id: previous } = body;
  demand(typeof input === 'string' || Array.isArray(input) || previous !== undefined, 'One of "input" or more.');
  checkItems(objects(input), previous !== undefined);
  for (const { type, name } of objects(body['tools'])) {
    demand(typeof type === 'string', "Missing required parameter: 'tools.type'.");
    demand(type !== 'function' || typeof name === 'string', "Missing required parameter: 'tools.name'.");
  }
}

function checkItems(items: readonly Body[], continued: boolean): void {
  const open = new Set<unknown>();
  for (const item of items) {
    const { call_id: callId } = item;
    switch (item['type'] ?? (item['role'] === undefined ? undefined : 'message')) {
      case 'message':
        checkMessage(item);
        break;
      case 'function_call':
        demand(
          typeof callId === 'string' && typeof item['arguments'] === 'string',
          "Missing required parameter: 'call_id'.",
        );
        open.add(callId);
        break;
      case 'function_call_output': {
        const known = open.delete(callId) || continued;
        demand(known, `No tool call found for function call output with call_id ${String(callId)}.`, {
          param: 'input',
        });
        demand(item['output'] !== undefined, "Missing required parameter: 'output'.");
        break;
      }
      case undefined:
        demand(false, "Invalid type for 'input'.", { code: 'invalid_type' });
    }
  }
  demand(open.size === 0, `No tool output found for function call ${String([...open][0])}.`, { param: 'input' });
}

function checkMessage({ role, content }: Body): void {
  demand(ROLES.has(String(role)), `Invalid value: '${String(role)}'.`, { code: 'invalid_value' });
  if (typeof content === 'string') return;
  demand(Array.isArray(content), "Invalid type for 'content'.", { code: 'invalid_type' });
  const known = role === 'assistant' ? OUTPUT_PARTS : INPUT_PARTS;
  for (const { type } of objects(content)) demand(known.includes(String(type)), `Invalid value: '${String(type)}'.`);
}
