import type { ClientSecretCredentialOptions, TokenCredential, TokenCredentialOptions } from '@azure/identity';
import { loadSdk } from '../../../sdk/load-sdk.js';
import type { EntraConfig, Identity } from './config.js';

type Sdk = typeof import('@azure/identity');

/** Loaded when a provider that needs it is made, so that a package that is missing is reported at once. */
export const loadIdentity = (kind: string): Sdk => loadSdk<Sdk>('@azure/identity', kind);

/** An application of Entra ID by what the entry says of it, and nothing else. */
export function applicationCredential(
  sdk: Sdk,
  identity: Identity,
  httpClient: TokenCredentialOptions['httpClient'],
): TokenCredential {
  const { tenantId, clientId, authorityHost, clientSecret, certificateFile, tokenFile } = identity;
  const options = {
    authorityHost,
    // Asks login.microsoft.com whether it knows the authority, which is the one of the entry.
    disableInstanceDiscovery: true,
    httpClient,
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
  } satisfies ClientSecretCredentialOptions;
  if (clientSecret !== undefined) return new sdk.ClientSecretCredential(tenantId, clientId, clientSecret, options);
  if (certificateFile !== undefined) {
    return new sdk.ClientCertificateCredential(tenantId, clientId, { certificatePath: certificateFile }, options);
  }
  return new sdk.WorkloadIdentityCredential({ ...options, tenantId, clientId, tokenFilePath: tokenFile });
}

/**
 * `credentials: default`: what Azure's own tools would use on this machine, from variables, the workload's or managed identity, or a
 * developer's login. The only case in which the environment is read, or the network used around our transport.
 */
export function machineCredential(sdk: Sdk, { tenantId, clientId, authorityHost }: EntraConfig): TokenCredential {
  return new sdk.DefaultAzureCredential({
    ...(tenantId !== undefined && { tenantId }),
    ...(authorityHost !== undefined && { authorityHost, disableInstanceDiscovery: true }),
    ...(clientId !== undefined && { managedIdentityClientId: clientId, workloadIdentityClientId: clientId }),
  });
}
