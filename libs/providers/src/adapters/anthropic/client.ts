import type { Anthropic, ClientOptions } from '@anthropic-ai/sdk';
import { loadSdk } from '../../sdk/load-sdk.js';
import { NO_TIMEOUT_MS, type SdkTransport } from '../../sdk/sdk-transport.js';
import { withoutEnvironment } from '../../sdk/without-environment.js';
import { FORMER_VERSION } from './api-version.js';
import { isAnthropic, withoutVersion } from './hosts.js';

type Sdk = typeof import('@anthropic-ai/sdk');

/** What tells one client from another. */
interface ClientSettings {
  readonly kind: string;
  /** Absent for servers that want none, or another header. */
  readonly apiKey?: string | undefined;
  /** With or without `/v1`. */
  readonly baseUrl: string;
}

/** The options that every client of Anthropic's SDKs has: our transport, and nothing of the SDK's own choosing. */
export function clientOptions(sdk: SdkTransport) {
  return {
    webhookKey: null,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: 'off',
    openTelemetry: false,
    defaultHeaders: sdk.defaultHeaders,
    fetch: sdk.fetch,
  } satisfies ClientOptions;
}

/** A client of Anthropic's SDK for Anthropic itself, or for any server that speaks its Messages API. */
export function createAnthropicClient({ kind, apiKey, baseUrl }: ClientSettings, sdk: SdkTransport): Anthropic {
  const { Anthropic } = loadSdk<Sdk>('@anthropic-ai/sdk', kind);
  const options = clientOptions(sdk);
  const own = isAnthropic(baseUrl) ? {} : lookAlike(apiKey);
  const keyless = apiKey === undefined ? { authorization: null } : {};
  return withoutEnvironment(
    () =>
      new Anthropic({
        ...options,
        baseURL: withoutVersion(baseUrl),
        // Without a key it would look for credentials in files; this one is never sent.
        apiKey: apiKey ?? 'none',
        defaultHeaders: { ...own, ...keyless, ...options.defaultHeaders },
      }),
  );
}

/**
 * Servers that speak Anthropic's format were written for the API version that was the only one for three years, and its
 * `x-api-key`; the SDK sends a newer version and a bearer token, which only Anthropic is sure to understand.
 */
function lookAlike(apiKey: string | undefined): Readonly<Record<string, string | null>> {
  return {
    authorization: null,
    'anthropic-version': FORMER_VERSION,
    ...(apiKey !== undefined && { 'x-api-key': apiKey }),
  };
}
