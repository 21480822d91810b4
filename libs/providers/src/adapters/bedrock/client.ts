import type { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { loadSdk } from '../../sdk/load-sdk.js';
import type { SdkTransport } from '../../sdk/sdk-transport.js';
import { withoutEnvironment } from '../../sdk/without-environment.js';
import { clientOptions } from '../anthropic/client.js';
import type { BedrockConfig } from './config.js';

type Sdk = typeof import('@anthropic-ai/bedrock-sdk');

/** A client of Anthropic's SDK for Bedrock, which writes the model into the path and the API's version into the body. */
export function createBedrockClient(config: BedrockConfig, baseURL: string, sdk: SdkTransport): AnthropicBedrock {
  const { AnthropicBedrock } = loadSdk<Sdk>('@anthropic-ai/bedrock-sdk', config.kind);
  const { region, apiKey = null } = config;
  return withoutEnvironment(
    () =>
      // Without an API key the transport signs.
      new AnthropicBedrock({ ...clientOptions(sdk), baseURL, awsRegion: region, apiKey, skipAuth: apiKey === null }),
  );
}
