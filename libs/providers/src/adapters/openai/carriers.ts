import type { OpenAI } from 'openai';
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';
import type { SdkOptions, SdkTransport } from '../../sdk/sdk-transport.js';
import type { Carrier } from '../../wire/carrier.js';
import type { ChatRequest } from './chat/wire.js';
import type { ResponsesRequest } from './responses/wire.js';

/** `POST /chat/completions`, or another path with the same body. */
export function chatCarrier(client: OpenAI, sdk: SdkTransport, path?: string): Carrier<ChatRequest> {
  const create = (body: ChatRequest, options: SdkOptions) =>
    path === undefined
      ? client.chat.completions.create(body, options)
      : client.post(path, { body, ...options, stream: true });
  return ({ body }, ref, signal) => sdk.send((options) => create(body, options).asResponse(), ref, signal);
}

/** `POST /responses`. */
export function responsesCarrier(client: OpenAI, sdk: SdkTransport): Carrier<ResponsesRequest> {
  return ({ body }, ref, signal) =>
    sdk.send(
      (options) => client.responses.create(body as ResponseCreateParamsStreaming, options).asResponse(),
      ref,
      signal,
    );
}
