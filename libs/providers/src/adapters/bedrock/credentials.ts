import { loadSdk } from '../../sdk/load-sdk.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { BedrockConfig } from './config.js';

type Chain = typeof import('@aws-sdk/credential-providers');

/** An AWS key as its SDKs have it. */
interface AwsKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How a request is signed; undefined for a bearer token. */
export function credentialsOf({ id, kind, ...config }: BedrockConfig): (() => Promise<AwsKey>) | undefined {
  const { accessKeyId, secretAccessKey, sessionToken, credentials } = config;
  if (credentials) return defaultCredentials(id, kind);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return () => Promise.resolve({ accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) });
}

/**
 * `credentials: default`: what AWS's own tools would use on this machine, from variables, files, the container or the instance
 * (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html). The only case in which the environment is read, or
 * the network used around our transport. Kept until shortly before they expire, and asked for with the first request.
 */
function defaultCredentials(provider: string, kind: string): () => Promise<AwsKey> {
  const chain = newChain(kind);
  return async () => {
    try {
      return await chain();
    } catch (cause) {
      const detail = `no AWS credentials on this machine: ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new ProviderError('bad_key', { ref: { provider }, detail, cause });
    }
  };
}

/** As Anthropic's SDK orders them: variables first, even where AWS_PROFILE is set. */
function newChain(kind: string): () => Promise<AwsKey> {
  const { createCredentialChain, fromEnv, fromNodeProviderChain } = loadSdk<Chain>(
    '@aws-sdk/credential-providers',
    kind,
  );
  return createCredentialChain(fromEnv(), fromNodeProviderChain());
}
