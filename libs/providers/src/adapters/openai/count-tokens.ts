import * as z from 'zod';
import type { Dialect } from './chat/dialect.js';
import { toWire as toChat } from './chat/request/to-wire.js';
import { toWire as toResponse } from './responses/request/to-wire.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { ModelRef } from '../../spec/model-ref.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { Transport } from '../../wire/transport.js';

/** Who counts: OpenAI's Responses, or one of the servers of one's own. */
export type Counting = 'responses' | 'vllm' | 'llama-cpp';

/** `root`: the server itself, in front of the version in the base URL; its tokenizers are there. */
interface Counter {
  readonly transport: Transport;
  readonly root: Transport;
  readonly dialect: Dialect;
}

/** The part of a request that is counted; everything else is refused there. */
const COUNTED = ['model', 'instructions', 'input', 'tools', 'tool_choice', 'reasoning', 'text'] as const;

const ResponsesCount = z.object({ input_tokens: z.number() });
const VllmCount = z.object({ count: z.number() });
const Templated = z.object({ prompt: z.string() });
const Tokens = z.object({ tokens: z.array(z.unknown()) });

/** Input tokens by the server's own count. @throws ProviderError, or `signal.reason` once aborted */
export async function countTokens(
  counting: Counting,
  { transport, root, dialect }: Counter,
  call: ModelCall,
  ref: ModelRef,
  signal: AbortSignal,
): Promise<number> {
  const ask = async <T>(at: Transport, path: string, body: unknown, answer: z.ZodType<T>): Promise<T> => {
    const text = await at.read('POST', path, { ref, body }, signal);
    try {
      return answer.parse(JSON.parse(text));
    } catch (cause) {
      throw new ProviderError('malformed_response', { ref, detail: 'not a count of tokens', cause });
    }
  };

  if (counting === 'responses') {
    const { body } = toResponse(call, ref);
    const counted = Object.fromEntries(COUNTED.map((field) => [field, body[field]]));
    return (await ask(transport, '/responses/input_tokens', counted, ResponsesCount)).input_tokens;
  }
  const { model, messages, ...rest } = toChat(call, ref, dialect).body;
  const asked = { model, messages, tools: rest['tools'] };
  if (counting === 'vllm') return (await ask(root, '/tokenize', asked, VllmCount)).count;
  const { prompt } = await ask(root, '/apply-template', asked, Templated);
  const whole = { content: prompt, add_special: true, parse_special: true };
  return (await ask(root, '/tokenize', whole, Tokens)).tokens.length;
}
