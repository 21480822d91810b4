import type { Format } from '../recordings/expected.js';
import { type Body, demand, isObject } from './bad-request.js';
import type { Exchange } from './journal.js';
import { checkAnthropic } from './rules/anthropic.js';
import { checkCohere } from './rules/cohere.js';
import { checkGeneration } from './rules/hf-tgi.js';
import { checkOllama } from './rules/ollama.js';
import { checkChat } from './rules/openai-chat.js';
import { checkResponses } from './rules/openai-responses.js';

const RULES: Readonly<Record<Format, (body: Body, wire: string) => void>> = {
  'openai-chat': checkChat,
  'openai-responses': checkResponses,
  'anthropic-messages': checkAnthropic,
  'cohere-v2-chat': checkCohere,
  'ollama-chat': checkOllama,
  'hf-tgi': checkGeneration,
};

/** Servers that are run at home, and want no key. */
const KEYLESS = new Set(['vllm', 'llamacpp', 'ollama-openai', 'ollama-chat', 'hf-tgi']);

/** What the server of a wire demands of a request, with `forced` nothing of its body. @throws BadRequest */
export function checkRequest(
  { request, body }: Exchange,
  { wire, format, forced }: { wire: string; format: Format; forced: boolean },
): void {
  const { headers } = request;
  demand(isObject(body), 'We could not parse the JSON body of your request.');
  const isJson = /json/i.test(headers['content-type'] ?? '') || format === 'ollama-chat';
  demand(isJson, `Unsupported media type: ${headers['content-type'] ?? 'none'}`, { status: 415 });
  if (!KEYLESS.has(wire)) checkKey(headers, format);
  if (forced) return;
  if (format === 'anthropic-messages') demand(headers['anthropic-version'], 'anthropic-version: header is required');
  RULES[format](body, wire);
}

function checkKey(headers: Exchange['request']['headers'], format: Format): void {
  const bearer = /^Bearer \S+/i.test(headers.authorization ?? '');
  const other = format === 'anthropic-messages' ? headers['x-api-key'] : headers['api-key'];
  demand(bearer || other !== undefined, "You didn't provide an API key.", { status: 401 });
}
