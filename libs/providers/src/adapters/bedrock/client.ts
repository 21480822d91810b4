import type { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { loadSdk } from '../../sdk/load-sdk.js';
import type { SdkTransport } from '../../sdk/sdk-transport.js';
import { withoutEnvironment } from '../../sdk/without-environment.js';
import { clientOptions } from '../anthropic/client.js';
import { credentialsOf } from './credentials.js';
import type { BedrockConfig } from './config.js';

type Sdk = typeof import('@anthropic-ai/bedrock-sdk');

/** A client of Anthropic's SDK for Bedrock, which writes the model into the path and signs what our transport then sends. */
export function createBedrockClient(config: BedrockConfig, baseURL: string, sdk: SdkTransport): AnthropicBedrock {
  const { AnthropicBedrock } = loadSdk<Sdk>('@anthropic-ai/bedrock-sdk', config.kind);
  const { region, apiKey = null } = config;
  const credentials = credentialsOf(config);
  return withoutEnvironment(
    () =>
      new AnthropicBedrock({
        ...clientOptions(sdk),
        baseURL,
        awsRegion: region,
        apiKey,
        providerChainResolver: credentials ? () => Promise.resolve(credentials) : null,
      }),
  );
}
