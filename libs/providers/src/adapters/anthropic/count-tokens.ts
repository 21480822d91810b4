import type { SdkOptions, SdkTransport } from '../../sdk/sdk-transport.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { ModelRef } from '../../spec/model-ref.js';
import { ProviderError } from '../../spec/provider-error.js';
import { toCount } from './request/to-wire.js';
import { type CountRequest, TokenCount } from './wire.js';

/** What of a client counts: `messages.countTokens`. */
interface Counter {
  countTokens(body: CountRequest, options: SdkOptions): { asResponse(): Promise<Response> };
}

/** The tokens of a call, counted by the server. @throws ProviderError, or `signal.reason` once aborted */
export async function countTokens(
  counter: Counter,
  sdk: SdkTransport,
  call: ModelCall,
  ref: ModelRef,
  signal: AbortSignal,
): Promise<number> {
  const body = toCount(call, ref);
  const text = await sdk.read((options) => counter.countTokens(body, options).asResponse(), ref, signal);
  try {
    return TokenCount.parse(JSON.parse(text)).input_tokens;
  } catch (cause) {
    throw new ProviderError('malformed_response', { ref, detail: 'not a count of tokens', cause });
  }
}
