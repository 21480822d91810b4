// What https://github.com/ollama/ollama/blob/main/docs/api.md demands of a request.
import { type Body, demand, isObject, objects } from '../bad-request.js';

const THINK = new Set<unknown>([undefined, null, true, false, 'low', 'medium', 'high', 'max']);

export function checkOllama(body: Body): void {
  demand(typeof body['model'] === 'string' && body['model'], 'model is required');
  demand(THINK.has(body['think']), `invalid think value: ${JSON.stringify(body['think'])}`);
  demand(body['options'] === undefined || isObject(body['options']), 'json: cannot unmarshal options');
  for (const { type, function: called } of objects(body['tools'])) {
    demand(type === 'function' && isObject(called) && called['name'], 'invalid tool definition');
  }
  for (const { role, content, tool_calls: calls, images } of objects(body['messages'])) {
    demand(typeof role === 'string', 'invalid role');
    const isText = content === undefined || content === null || typeof content === 'string';
    demand(isText, 'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string');
    for (const { function: called } of objects(calls)) {
      demand(isObject(called) && isObject(called['arguments']), 'json: cannot unmarshal string into arguments');
    }
    for (const image of Array.isArray(images) ? images : []) {
      demand(!/^(data:|https?:)/.test(String(image)), 'illegal base64 data at input byte 4');
    }
  }
}
