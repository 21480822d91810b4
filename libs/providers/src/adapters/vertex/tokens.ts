import type { BearerTokens } from '../../http/bearer-tokens.js';
import { operatorDetail } from '../../http/operator-detail.js';
import type { Outgoing } from '../../http/proxy-of.js';
import { type Token, TokenCache } from '../../http/token-cache.js';
import { loadSdk } from '../../sdk/load-sdk.js';
import { ProviderError } from '../../spec/provider-error.js';
import { Transport } from '../../wire/transport.js';
import { tokenFailures } from './failures.js';
import type { VertexConfig } from './config.js';
import { readKeyFile, type ServiceAccount } from './service-account.js';
import { TokenEndpoint } from './token-endpoint.js';

type Library = typeof import('google-auth-library');
type Settings = VertexConfig & Outgoing;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GOOGLE_TOKENS = 'https://oauth2.googleapis.com/token';

/** Google's tokens last an hour; this is for one that does not say. */
const USUAL_MS = 3_600_000;

/** How requests are authenticated. Asks for no token before it is used. */
export function tokensOf(settings: Settings, now: () => number): BearerTokens {
  const { credentials, accessToken } = settings;
  if (credentials) return machineTokens(settings, now);
  if (accessToken === undefined) return serviceAccountTokens(settings, now);
  return { current: () => Promise.resolve(accessToken), refused: () => false };
}

function serviceAccountTokens(settings: Settings, now: () => number): BearerTokens {
  const { id, kind, serviceAccount, keyFile = '', tokenUrl = GOOGLE_TOKENS, proxyOf } = settings;
  const ref = { provider: id };
  const endpoint = new TokenEndpoint(new Transport({ baseUrl: tokenUrl, proxyOf }, now, tokenFailures), ref);
  const library = loadLibrary(kind);
  return new TokenCache(async () => {
    endpoint.failure = undefined;
    try {
      return await signedFor(library, serviceAccount ?? readKeyFile(keyFile), endpoint, now);
    } catch (cause) {
      throw refusal(endpoint.failure ?? new ProviderError('bad_key', { ref, detail: messageOf(cause), cause }));
    }
  }, now);
}

/** A token for an assertion that the account has signed (RFC 7523). The library's cache and its second tries are not used. */
async function signedFor(
  { JWT }: Library,
  { clientEmail, privateKey }: ServiceAccount,
  { fetch }: TokenEndpoint,
  now: () => number,
): Promise<Token> {
  const transporterOptions = { fetchImplementation: fetch };
  // Variables and many secret stores hold a key in one line.
  const key = privateKey.replaceAll('\\n', '\n');
  const jwt = new JWT({ email: clientEmail, key, scopes: SCOPE, transporterOptions, useAuthRequestParameters: false });
  const { transporter } = jwt;
  const request = transporter.request.bind(transporter);
  // By `noProxy` it makes no agent for HTTPS_PROXY, nor fails on one without a scheme: the transport knows the way.
  transporter.request = (options) => request({ ...options, noProxy: [/^/], retryConfig: { retry: 0 } });
  return toToken(await jwt.authorize(), now);
}

/**
 * `credentials: default`: Application Default Credentials (https://cloud.google.com/docs/authentication/application-default-credentials).
 * The only case in which the environment is read, or the network used around our transport.
 */
function machineTokens({ id, kind, projectId }: Settings, now: () => number): BearerTokens {
  const { GoogleAuth } = loadLibrary(kind);
  return new TokenCache(async () => {
    try {
      // With the project, or the library would ask Google for it.
      const client = await new GoogleAuth({ scopes: SCOPE, projectId }).getClient();
      await client.getAccessToken();
      return toToken(client.credentials, now);
    } catch (cause) {
      const detail = `no Google credentials on this machine: ${messageOf(cause)}`;
      throw new ProviderError('bad_key', { ref: { provider: id }, detail, cause });
    }
  }, now);
}

/** Loaded when a provider that needs it is made, so that a package that is missing is reported at once. */
const loadLibrary = (kind: string): Library => loadSdk<Library>('google-auth-library', kind);

interface Credentials {
  readonly access_token?: string | null;
  /** Epoch milliseconds. */
  readonly expiry_date?: number | null;
}

function toToken({ access_token, expiry_date }: Credentials, now: () => number): Token {
  if (!access_token) throw new Error('the answer holds no access_token');
  return { value: access_token, expiresAt: expiry_date ?? now() + USUAL_MS };
}

const messageOf = (cause: unknown): string =>
  operatorDetail(cause instanceof Error ? cause.message : String(cause), []);

/** The failure of the token endpoint, as that of the provider. */
function refusal({ code, ref, status, detail, retryAfterMs, phase, cause }: ProviderError): ProviderError {
  return new ProviderError(code, {
    ref,
    detail: `Google gave no token for the service account: ${detail}`,
    cause,
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(phase !== undefined && { phase }),
  });
}
