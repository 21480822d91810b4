import type { Outgoing } from '../../http/proxy-of.js';
import type { FailureContext } from '../../wire/errors.js';
import { carriedBy } from '../../wire/carrier.js';
import { createHttpProvider, DEFAULT_DEPS, type ModelListing } from '../../wire/http-provider.js';
import { readModels } from '../../wire/model-info.js';
import { Transport } from '../../wire/transport.js';
import type { WireFormat } from '../../wire/wire-format.js';
import type { Capability } from '../../spec/capability.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { ModelRef } from '../../spec/model-ref.js';
import type { KeyConfig, ModelInfo, Provider } from '../../spec/provider.js';
import { DeclaredReader, type ResponseSpec } from './answer-reader.js';
import { failureRules } from './failure-rules.js';
import type { DeclaredFields } from './request-config.js';
import { keysSeen, readFirst } from './response-path.js';
import { scopeOf, type TemplateScope } from './template.js';

/** An entry as its kind has understood it. */
export interface Declaration {
  readonly config: DeclaredFields & Outgoing;
  /** The variables that its templates use. */
  readonly uses: ReadonlySet<string>;
  readonly framing: WireFormat['framing'];
  readonly response: ResponseSpec;
  /** What must never be written into a log, beside the key and the headers of the entry. */
  readonly secrets: readonly string[];
  readonly toWire: WireFormat['toWire'];
}

const KEY: KeyConfig = { required: false, label: 'API key', where: 'From the operator of the API.' };

/** A provider whose requests and answers the config file declares. Opens no connection before it is used. */
export function createDeclaredProvider(declaration: Declaration): Provider {
  const { config, framing, response, toWire, secrets } = declaration;
  const failures = failureRules(response);
  const transport = new Transport({ ...config, secrets }, DEFAULT_DEPS.now, failures);
  return createHttpProvider({
    ...config,
    name: config.name ?? config.id,
    capabilities: config.capabilities ?? capabilitiesOf(declaration),
    keyConfig: KEY,
    carrier: carriedBy(transport),
    secrets: transport.secrets,
    format: {
      ...(framing && { framing }),
      failures,
      toWire,
      newReader: (context: FailureContext, newCallId) => new DeclaredReader(response, context, newCallId),
    },
    listing: listingOf(config, transport),
  });
}

function capabilitiesOf({ framing, uses, response }: Declaration): readonly Capability[] {
  return [
    'chat',
    'generate',
    ...(framing === 'whole' ? [] : (['stream'] as const)),
    ...(uses.has('tools') && response.toolCalls ? (['tools'] as const) : []),
    ...([...uses].some((name) => name.endsWith('[].images')) ? (['vision'] as const) : []),
  ];
}

/** Without a list, that the API answers at all is a sign that it is there. */
function listingOf(
  { id, modelList, health, models, defaultModel }: DeclaredFields,
  transport: Transport,
): ModelListing {
  const path = modelList?.path ?? health?.path ?? '';
  const read = (signal: AbortSignal) => transport.read('GET', path, { ref: { provider: id } }, signal);
  return modelList
    ? { read, modelsOf: (json) => modelsOf(json, modelList.ids) }
    : { read, known: models ?? [defaultModel] };
}

function modelsOf(json: unknown, paths: readonly string[]): ModelInfo[] {
  const found = readFirst(json, paths);
  const ids = Array.isArray(found) ? found : [found];
  if (ids.every((id) => typeof id === 'string'))
    return readModels(
      ids.map((id) => ({ id })),
      ({ id }) => ({ id }),
    );
  throw new Error(`there are no ids at ${paths.join(', ')}; seen: ${keysSeen(json)}`);
}

/** What the templates of an entry may say about a call. */
export function declaredScope(call: ModelCall, ref: ModelRef, { roles, flatten, vars }: DeclaredFields): TemplateScope {
  return scopeOf(call, ref, { roles, flattening: flatten, vars, now: new Date() });
}
