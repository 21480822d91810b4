import {
  createRegistry,
  type Health,
  MemoryPolicyState,
  type Provider,
  ProviderError,
  type Registry,
} from '#providers';
import { ConfigError, operatorHint } from '#runtime';
import { type ConfiguredModel, configuredModels } from '../../../worker/src/providers/configured-models.js';
import { loadProviders } from '../../../worker/src/providers/load-providers.js';
import type { Check } from '../check.js';
import { fail, type Finding, ok, reasonOf, warn } from '../finding.js';
import type { Installation } from '../installation.js';

/** A provider that is reached at all answers such requests in less. */
const ASK_WITHIN_MS = 10_000;

/** Does each provider accept each of its keys, and does it have the models that the configuration names? */
export const providers: Check<Installation> = {
  name: 'providers',
  async run({ worker }) {
    if (!worker) return [];
    // What cannot be loaded is a finding of the check `config`.
    const loaded = await loadProviders(worker.providers, worker).catch((error: unknown) => {
      if (error instanceof ConfigError) return [];
      throw error;
    });
    if (loaded.length === 0) return [];
    const { defaultModel, names } = { defaultModel: worker.file.defaults.model, names: worker.models.names };
    let registry: Registry;
    try {
      registry = createRegistry(loaded, { defaultModel, names, state: new MemoryPolicyState(Date.now) });
    } catch (error) {
      return [fail(detailOf(error), 'Correct the name in the config file: provider/model.')];
    }
    const byDefault = defaultModel === undefined ? [{ name: registry.catalogue().default, where: 'the default' }] : [];
    const wanted = [...byDefault, ...configuredModels(worker)];
    const found = await Promise.all(loaded.map((provider) => lookAt(provider, modelsOf(provider, wanted, registry))));
    return [...found.flat(), ...wanted.flatMap((model) => unknownProvider(model, registry))];
  },
};

/** What the configuration names of this provider: each model once, with all places that name it. */
function modelsOf({ id }: Provider, wanted: readonly ConfiguredModel[], registry: Registry): Map<string, string> {
  const models = new Map<string, string>();
  for (const { name, where } of wanted) {
    const ref = refOf(name, registry);
    if (ref?.provider === id) models.set(ref.model, [models.get(ref.model), where].filter(Boolean).join(', '));
  }
  return models;
}

function refOf(name: string, registry: Registry) {
  try {
    return registry.resolve(name).ref;
  } catch {
    return undefined;
  }
}

function unknownProvider({ name, where }: ConfiguredModel, registry: Registry): Finding[] {
  try {
    registry.resolve(name);
    return [];
  } catch (error) {
    return [fail(`${where}: ${detailOf(error)}`, 'Correct the name in the config file: provider/model.')];
  }
}

async function lookAt(provider: Provider, models: ReadonlyMap<string, string>): Promise<Finding[]> {
  const keyed = provider.byKey ?? [{ provider }];
  const answers = await Promise.all(keyed.map((one) => healthOf(one.provider)));
  const findings = answers.map((health, index) => {
    const which = keyed.length > 1 ? ` (key ${index + 1} of ${keyed.length})` : '';
    return health.ok
      ? ok(`${provider.id}${which} answers within ${health.latencyMs} ms`)
      : fail(`${provider.id}${which}: ${detailOf(health.error)}`, operatorHint(`provider.${health.error.code}`));
  });
  if (!answers.some(({ ok: isHealthy }) => isHealthy)) return findings;
  return [...findings, ...(await modelFindings(provider, models))];
}

async function healthOf(provider: Provider): Promise<Health> {
  try {
    return await inTime((signal) => provider.healthCheck(signal));
  } catch (error) {
    return { ok: false, latencyMs: 0, error: failureOf(provider, error) };
  }
}

async function modelFindings(provider: Provider, models: ReadonlyMap<string, string>): Promise<Finding[]> {
  const list = await inTime((signal) => provider.listModels(signal)).catch(() => []);
  const listed = new Set(list.flatMap(({ id }) => [id, id.replace(/:latest$/, '')]));
  const unlisted = [...models].filter(([model]) => !listed.has(model));
  const known = models.size - unlisted.length;
  const asked = await Promise.all(unlisted.map(([model, where]) => askModel(provider, model, where)));
  return [
    ...(known > 0 ? [ok(`${provider.id} has ${known} of ${models.size} configured models in its list`)] : []),
    ...asked,
  ];
}

/** Many providers have models that they do not list: a very short answer tells whether it exists. */
async function askModel(provider: Provider, model: string, where: string): Promise<Finding> {
  const name = `${provider.id}/${model} (${where})`;
  const call = {
    prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }],
    settings: { maxTokens: 16 },
    mayBeEmpty: true,
  };
  try {
    await inTime(async (signal) => {
      for await (const part of provider.model(model).stream(call, signal)) if (part.type !== 'warning') return;
    });
    return ok(`${name} answers, though it is not in the provider's list`);
  } catch (error) {
    const failure = failureOf(provider, error);
    if (failure.code === 'model_unknown') {
      return fail(`${name}: ${failure.detail}`, operatorHint('provider.model_unknown'));
    }
    return warn(
      `${name} is not in the provider's list, and a test request failed: ${failure.detail}`,
      operatorHint(`provider.${failure.code}`),
    );
  }
}

const failureOf = ({ id }: Provider, error: unknown): ProviderError =>
  error instanceof ProviderError
    ? error
    : new ProviderError(isTimeout(error) ? 'timeout' : 'unavailable', {
        ref: { provider: id },
        detail: isTimeout(error) ? `no answer within ${ASK_WITHIN_MS / 1_000} s` : reasonOf(error),
      });

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

const detailOf = (error: unknown): string => (error instanceof ProviderError ? error.detail : reasonOf(error));

/** Also for one that ignores the signal. */
function inTime<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(ASK_WITHIN_MS);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([ask(signal), late]);
}
