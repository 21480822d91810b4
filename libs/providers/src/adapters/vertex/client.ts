import type { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { loadSdk } from '../../sdk/load-sdk.js';
import type { SdkTransport } from '../../sdk/sdk-transport.js';
import { withoutEnvironment } from '../../sdk/without-environment.js';
import { clientOptions } from '../anthropic/client.js';
import type { VertexConfig } from './config.js';

type Sdk = typeof import('@anthropic-ai/vertex-sdk');
type Options = NonNullable<ConstructorParameters<Sdk['AnthropicVertex']>[0]>;
type AuthClient = NonNullable<Options['authClient']>;

/** The SDK asks an object of Google's for headers, and there are none: the transport adds the tokens. */
const NO_AUTH = { getRequestHeaders: () => Promise.resolve(new Headers()) } as unknown as AuthClient;

/** A client of Anthropic's SDK for Vertex, which writes project, region and model into the path. */
export const createVertexClient = (config: VertexConfig, sdk: SdkTransport): AnthropicVertex =>
  newClient(config, clientOptions(sdk));

/** Where the SDK would send the requests of an entry: behind its base URL, or to its region. */
export const baseUrlOf = (config: VertexConfig): string => newClient(config, {}).baseURL;

function newClient(config: VertexConfig, options: Options): AnthropicVertex {
  const { AnthropicVertex } = loadSdk<Sdk>('@anthropic-ai/vertex-sdk', config.kind);
  const { projectId, region, baseUrl } = config;
  return withoutEnvironment(
    () =>
      new AnthropicVertex({
        ...options,
        projectId,
        region,
        authClient: NO_AUTH,
        ...(baseUrl && { baseURL: baseUrl.replace(/\/+$/, '') }),
      }),
  );
}
