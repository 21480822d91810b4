import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';

/** Where keys are made. */
export const WHERE = 'https://console.aws.amazon.com/bedrock, under "API keys"';

/** Claude on Amazon Bedrock, by a Bedrock API key, an AWS access key, or what AWS's own tools would use. */
export const BedrockConfig = z
  .strictObject({
    kind: z.literal('bedrock'),
    id: id.default('bedrock'),
    ...common,
    /** `us-east-1`: where requests go. Which other regions answer them is up to the inference profile. */
    region: z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'must be an AWS region, as in us-east-1'),
    /** A Bedrock API key, sent as a bearer token. */
    apiKey: secret.optional(),
    accessKeyId: secret.optional(),
    secretAccessKey: secret.optional(),
    /** Of a temporary access key. */
    sessionToken: secret.optional(),
    /** The AWS credentials of this machine: its variables, files, container or instance. */
    credentials: z.literal('default').optional(),
    /** By default the region's public endpoint; a VPC or FIPS endpoint, or a gateway. */
    baseUrl: baseUrl.optional(),
    /** A model id, an inference profile, or the ARN of one. */
    defaultModel: modelId.default('global.anthropic.claude-sonnet-5-5'),
  })
  .refine((config) => (config.accessKeyId === undefined) === (config.secretAccessKey === undefined), {
    path: ['secretAccessKey'],
    error: 'accessKeyId and secretAccessKey belong together: set both or neither',
  })
  .refine((config) => config.sessionToken === undefined || config.accessKeyId !== undefined, {
    path: ['sessionToken'],
    error: 'belongs to accessKeyId and secretAccessKey: set them, too',
  })
  .refine((config) => waysIn(config) === 1, {
    path: ['apiKey'],
    error: `needs exactly one of apiKey, accessKeyId with secretAccessKey, and credentials: default. Where to get a key: ${WHERE}`,
  });
export type BedrockConfig = z.output<typeof BedrockConfig>;

interface Credentials {
  readonly apiKey?: unknown;
  readonly apiKeys?: unknown;
  readonly accessKeyId?: unknown;
  readonly credentials?: unknown;
}

const waysIn = ({ apiKey, apiKeys, accessKeyId, credentials }: Credentials): number =>
  [apiKey ?? apiKeys, accessKeyId, credentials].filter((one) => one !== undefined).length;
