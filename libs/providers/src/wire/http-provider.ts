import { createHash, randomUUID } from 'node:crypto';
import { checkHealth } from '../http/check-health.js';
import type { Capability } from '../spec/capability.js';
import type { KeyConfig, ModelInfo, Provider } from '../spec/provider.js';
import { ProviderError, type ProviderErrorCode } from '../spec/provider-error.js';
import { HttpModel } from './http-model.js';
import type { Carrier } from './carrier.js';
import type { WireFormat } from './wire-format.js';

/** What tests replace. */
export interface HttpDeps {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A name for a tool call that the server left without one. Unique within a conversation. */
  readonly newCallId: () => string;
}

/** How the models of a provider are listed. `read` gives the body of the answer. @throws what a {@link Carrier} throws */
export type ModelListing =
  | {
      readonly read: ReadBody;
      /** @throws any error for an answer that is not a list */
      readonly modelsOf: (json: unknown) => readonly ModelInfo[];
      /** Adds what the list does not say. Not asked for a health check. */
      readonly describe?: (models: readonly ModelInfo[], signal: AbortSignal) => Promise<readonly ModelInfo[]>;
    }
  /** For a server that has no list, or lists models that cannot be called. An answer still shows that it is reachable. */
  | { readonly read: ReadBody; readonly known: readonly string[] };

type ReadBody = (signal: AbortSignal) => Promise<string>;

export interface HttpProviderInit<Body = unknown> {
  readonly id: string;
  readonly name: string;
  readonly defaultModel: string;
  readonly models?: readonly string[] | undefined;
  /** Of each model, where they differ. */
  readonly capabilities: readonly Capability[] | ((model: string) => readonly Capability[]);
  readonly keyConfig: KeyConfig;
  readonly carrier: Carrier<Body>;
  readonly format: WireFormat<Body>;
  /** What must never be written into a log. */
  readonly secrets: readonly string[];
  readonly listing: ModelListing;
}

/** Enough to tell a few accounts apart. */
const ACCOUNT_LENGTH = 12;

/** Errors that show that the server is up and accepts the key. */
const ALIVE: ReadonlySet<ProviderErrorCode> = new Set(['bad_request', 'model_unknown']);

export const DEFAULT_DEPS: HttpDeps = {
  now: () => Date.now(),
  newCallId: () => `call_${randomUUID().replaceAll('-', '')}`,
};

/** A provider behind an HTTP API. Opens no connection before it is used. */
export function createHttpProvider<Body>(init: HttpProviderInit<Body>, newCallId = DEFAULT_DEPS.newCallId): Provider {
  const { id, name, defaultModel, models, keyConfig, carrier, format, secrets, listing } = init;
  const { capabilities: declared } = init;
  const capabilitiesOf = (model: string) => new Set(typeof declared === 'function' ? declared(model) : declared);
  const account = accountOf(secrets);

  async function listModels(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    signal.throwIfAborted();
    if ('known' in listing) return listing.known.map((model) => ({ id: model }));
    const listed = parse(await listing.read(signal), listing.modelsOf, id);
    return listing.describe ? listing.describe(listed, signal) : listed;
  }

  async function probe(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if ('modelsOf' in listing) return void parse(await listing.read(signal), listing.modelsOf, id);
    try {
      await listing.read(signal);
    } catch (error) {
      if (!(error instanceof ProviderError && ALIVE.has(error.code))) throw error;
    }
  }

  return {
    id,
    name,
    capabilities: capabilitiesOf(defaultModel),
    defaultModel,
    ...(models && { models }),
    keyConfig,
    model: (model) =>
      new HttpModel({
        ref: { provider: id, model },
        capabilities: capabilitiesOf(model),
        carrier,
        format,
        secrets,
        account,
        newCallId,
      }),
    listModels,
    healthCheck: (signal) => checkHealth(() => probe(signal)),
  };
}

/** Tells the accounts of a provider apart by its key and headers, without revealing them. */
function accountOf(secrets: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(secrets)).digest('hex').slice(0, ACCOUNT_LENGTH);
}

function parse<T>(text: string, modelsOf: (json: unknown) => T, provider: string): T {
  try {
    return modelsOf(JSON.parse(text));
  } catch (cause) {
    throw new ProviderError('malformed_response', { ref: { provider }, detail: 'not a list of models', cause });
  }
}
