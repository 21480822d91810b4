import type { BaseAnthropic } from '@anthropic-ai/sdk/client';
import type { SdkTransport } from '../../sdk/sdk-transport.js';
import type { Carrier } from '../../wire/carrier.js';
import { FORMER_VERSION, needsFormerVersion } from './api-version.js';
import type { MessagesRequest } from './wire.js';

/** What a request has besides what every one has: the version of the API, in a header or (behind Bedrock and Vertex) in the body. */
type Versioned = (body: MessagesRequest) => {
  readonly body: MessagesRequest & { anthropic_version?: string };
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * `POST /v1/messages`. Not by `messages.create`, which writes to the console when a model is deprecated, and moves fields of the
 * body into headers.
 */
export function messagesCarrier(
  client: BaseAnthropic,
  sdk: SdkTransport,
  versioned: Versioned = byHeader(sdk),
): Carrier<MessagesRequest> {
  return ({ body }, ref, signal) => {
    const request = versioned(body);
    return sdk.send(
      (options) => client.post('/v1/messages', { ...request, ...options, stream: true }).asResponse(),
      ref,
      signal,
    );
  };
}

/** The SDK's version, or that of the configuration; the one before where the body needs it. */
function byHeader({ defaultHeaders }: SdkTransport): Versioned {
  const configured = defaultHeaders['anthropic-version'] !== undefined;
  return (body) =>
    configured || !needsFormerVersion(body) ? { body } : { body, headers: { 'anthropic-version': FORMER_VERSION } };
}
