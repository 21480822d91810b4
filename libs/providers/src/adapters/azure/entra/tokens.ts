import type { AccessToken, TokenCredential } from '@azure/identity';
import type { BearerTokens } from '../../../http/bearer-tokens.js';
import { operatorDetail } from '../../../http/operator-detail.js';
import type { Outgoing } from '../../../http/proxy-of.js';
import { type Token, TokenCache } from '../../../http/token-cache.js';
import { ProviderError } from '../../../spec/provider-error.js';
import { Transport } from '../../../wire/transport.js';
import { type EntraConfig, identityOf } from './config.js';
import { applicationCredential, loadIdentity, machineCredential } from './credential.js';
import { entraFailures, fixOf } from './failures.js';
import { TokenEndpoint } from './token-endpoint.js';

/** Who asks for tokens, for whom. */
export interface EntraSettings extends Outgoing {
  readonly kind: string;
  readonly id: string;
  readonly entra: EntraConfig;
}

type Fetch = ConstructorParameters<typeof TokenCache>[0];

/** Tokens of Entra ID for an application that the entry names. Asks for none before it is used. */
export function applicationTokens(settings: EntraSettings, now: () => number): BearerTokens {
  const identity = identityOf(settings.entra);
  const ref = { provider: settings.id };
  const secrets = identity.clientSecret === undefined ? [] : [identity.clientSecret];
  const { authorityHost, scope, tenantId } = identity;
  const transport = new Transport({ baseUrl: authorityHost, secrets, proxyOf: settings.proxyOf }, now, entraFailures);
  const endpoint = new TokenEndpoint(transport, tenantId, ref);
  const sdk = loadIdentity(settings.kind);
  let credential = applicationCredential(sdk, identity, endpoint);
  const fetch: Fetch = async (renewed) => {
    // A credential gives its last token again as long as that has not expired.
    if (renewed) credential = applicationCredential(sdk, identity, endpoint);
    endpoint.failure = undefined;
    try {
      return await tokenOf(credential, scope);
    } catch (cause) {
      throw refusal(
        endpoint.failure ?? new ProviderError('bad_key', { ref, detail: messageOf(cause, secrets), cause }),
      );
    }
  };
  return new TokenCache(fetch, now);
}

/** Tokens of Entra ID by the credentials of this machine. */
export function machineTokens({ kind, id, entra }: EntraSettings, now: () => number): BearerTokens {
  const sdk = loadIdentity(kind);
  let credential = machineCredential(sdk, entra);
  const fetch: Fetch = async (renewed) => {
    if (renewed) credential = machineCredential(sdk, entra);
    try {
      return await tokenOf(credential, entra.scope);
    } catch (cause) {
      const detail = `no token of Entra ID by the credentials of this machine: ${messageOf(cause)}`;
      throw new ProviderError('bad_key', { ref: { provider: id }, detail, cause });
    }
  };
  return new TokenCache(fetch, now);
}

async function tokenOf(credential: TokenCredential, scope: string): Promise<Token> {
  const token: AccessToken | null = await credential.getToken(scope);
  if (!token) throw new Error('the answer holds no token');
  return { value: token.token, expiresAt: token.expiresOnTimestamp, refreshAt: token.refreshAfterTimestamp };
}

const messageOf = (cause: unknown, secrets: readonly string[] = []): string =>
  operatorDetail(cause instanceof Error ? cause.message : String(cause), secrets);

/** The failure of the token endpoint, as that of the provider. */
function refusal({ code, ref, status, detail, retryAfterMs, phase, cause }: ProviderError): ProviderError {
  const fix = code === 'bad_key' ? `${fixOf(detail)}: ` : '';
  return new ProviderError(code, {
    ref,
    detail: `Entra ID gave no token: ${fix}${detail}`,
    cause,
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(phase !== undefined && { phase }),
  });
}
