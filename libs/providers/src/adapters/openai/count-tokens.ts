import type { OpenAI } from 'openai';
import type { InputTokenCountParams } from 'openai/resources/responses/input-tokens';
import * as z from 'zod';
import type { Dialect } from './chat/dialect.js';
import { toWire as toChat } from './chat/request/to-wire.js';
import { toWire as toResponse } from './responses/request/to-wire.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { ModelRef } from '../../spec/model-ref.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { SdkOptions, SdkTransport } from '../../sdk/sdk-transport.js';
import type { Transport } from '../../wire/transport.js';

/** Who counts: OpenAI's Responses, or one of the servers of one's own. */
export type Counting = 'responses' | 'vllm' | 'llama-cpp';

/** `root`: the server itself, in front of the version in the base URL; its tokenizers are there. */
interface Counter {
  readonly client: OpenAI;
  readonly sdk: SdkTransport;
  readonly root: Transport;
  readonly dialect: Dialect;
}

/** The part of a request that is counted; everything else is refused there. */
const COUNTED = [
  'model',
  'instructions',
  'input',
  'tools',
  'tool_choice',
  'reasoning',
  'text',
] as const satisfies readonly (keyof InputTokenCountParams)[];

const ResponsesCount = z.object({ input_tokens: z.number() });
const VllmCount = z.object({ count: z.number() });
const Templated = z.object({ prompt: z.string() });
const Tokens = z.object({ tokens: z.array(z.unknown()) });

/** Input tokens by the server's own count. @throws ProviderError, or `signal.reason` once aborted */
export async function countTokens(
  counting: Counting,
  { client, sdk, root, dialect }: Counter,
  call: ModelCall,
  ref: ModelRef,
  signal: AbortSignal,
): Promise<number> {
  if (counting === 'responses') {
    const { body } = toResponse(call, ref);
    const counted = Object.fromEntries(COUNTED.map((field) => [field, body[field]])) as InputTokenCountParams;
    const count = (options: SdkOptions) => client.responses.inputTokens.count(counted, options).asResponse();
    return parsed(await sdk.read(count, ref, signal), ResponsesCount, ref).input_tokens;
  }
  const ask = async <T>(path: string, body: unknown, answer: z.ZodType<T>): Promise<T> =>
    parsed(await root.read('POST', path, { ref, body }, signal), answer, ref);
  const { model, messages, tools } = toChat(call, ref, dialect).body;
  const asked = { model, messages, tools };
  if (counting === 'vllm') return (await ask('/tokenize', asked, VllmCount)).count;
  const { prompt } = await ask('/apply-template', asked, Templated);
  const whole = { content: prompt, add_special: true, parse_special: true };
  return (await ask('/tokenize', whole, Tokens)).tokens.length;
}

function parsed<T>(text: string, answer: z.ZodType<T>, ref: ModelRef): T {
  try {
    return answer.parse(JSON.parse(text));
  } catch (cause) {
    throw new ProviderError('malformed_response', { ref, detail: 'not a count of tokens', cause });
  }
}
