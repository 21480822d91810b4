import type { ClientOptions, OpenAI } from 'openai';
import { loadSdk } from '../../sdk/load-sdk.js';
import { withoutEnvironment } from '../../sdk/without-environment.js';
import { NO_TIMEOUT_MS, type SdkTransport } from '../../sdk/sdk-transport.js';

type Sdk = typeof import('openai');

/** What tells one client from another. */
interface ClientSettings {
  readonly kind: string;
  /** Sent as a bearer token. Absent for servers that want none, or another header. */
  readonly apiKey?: string | undefined;
  /** Without a trailing slash. */
  readonly baseUrl: string;
}

export const loadOpenAI = (kind: string): Sdk => loadSdk<Sdk>('openai', kind);

/** The options that every client of OpenAI's SDK has: our transport, and nothing of the SDK's own choosing. */
export function clientOptions(sdk: SdkTransport) {
  return {
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: 'off',
    defaultHeaders: sdk.defaultHeaders,
    fetch: sdk.fetch,
  } satisfies ClientOptions;
}

/** A client of OpenAI's SDK for OpenAI itself, or for any server that speaks one of its formats. */
export function createOpenAIClient({ kind, apiKey, baseUrl }: ClientSettings, sdk: SdkTransport): OpenAI {
  const { OpenAI } = loadOpenAI(kind);
  const options = clientOptions(sdk);
  // The constructor insists on a key, and without a header it insists on one, too.
  const keyless = { apiKey: 'none', defaultHeaders: { authorization: null, ...options.defaultHeaders } };
  return withoutEnvironment(
    () => new OpenAI({ ...options, baseURL: baseUrl, ...(apiKey === undefined ? keyless : { apiKey }) }),
  );
}
