import type { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { loadSdk } from '../../sdk/load-sdk.js';
import type { SdkTransport } from '../../sdk/sdk-transport.js';
import { withoutEnvironment } from '../../sdk/without-environment.js';
import { clientOptions } from '../anthropic/client.js';
import type { VertexConfig } from './config.js';

type Sdk = typeof import('@anthropic-ai/vertex-sdk');
type Options = NonNullable<ConstructorParameters<Sdk['AnthropicVertex']>[0]>;
type AuthClient = NonNullable<Options['authClient']>;

/** A client of Anthropic's SDK for Vertex, which writes project, region and model into the path. */
export const createVertexClient = (config: VertexConfig, sdk: SdkTransport): AnthropicVertex =>
  newClient(config, clientOptions(sdk));

/** Where the SDK would send the requests of an entry: behind its base URL, or to its region. */
export const baseUrlOf = (config: VertexConfig): string => newClient(config, {}).baseURL;

function newClient(config: VertexConfig, options: Options): AnthropicVertex {
  const { AnthropicVertex } = loadSdk<Sdk>('@anthropic-ai/vertex-sdk', config.kind);
  const { projectId, region, baseUrl } = config;
  const authClient = authorizing(config.accessToken);
  return withoutEnvironment(
    () => new AnthropicVertex({ ...options, projectId, region, authClient, ...(baseUrl && { baseURL: baseUrl }) }),
  );
}

/** The SDK asks an object of Google's for headers. Tokens that are fetched are added by the transport, which replaces them as well. */
function authorizing(accessToken: string | undefined): AuthClient {
  const fields = accessToken === undefined ? [] : [['authorization', `Bearer ${accessToken}`] as const];
  const headers = new Headers(fields.map(([name, value]) => [name, value]));
  return { getRequestHeaders: () => Promise.resolve(headers) } as unknown as AuthClient;
}
