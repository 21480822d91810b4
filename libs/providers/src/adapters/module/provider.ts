import * as z from 'zod';
import { checkHealth } from '../../http/check-health.js';
import { dropAbsent, object } from '../../http/json.js';
import { secretsOf } from '../../http/secrets-of.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { KeyConfig, ModelInfo, Provider } from '../../spec/provider.js';
import { ProviderError, type ProviderErrorInit } from '../../spec/provider-error.js';
import { modelInfo } from '../../wire/model-info.js';
import { Abortable } from './abortable.js';
import type { ProviderContext, ProviderDefinition } from './definition.js';
import type { ModuleEntry } from '../provider-module.js';
import { moduleFailure } from './failure.js';
import { ModuleModel } from './model.js';

const NO_KEY: KeyConfig = { required: false, label: 'No key', where: 'Its module asks for none.' };

/** A module's code may return anything. */
const Models = z.array(z.looseObject({ id: z.string().min(1) }));

/** What it says of a model besides may be wrong, which is no reason to do without the model. */
const checkedInfo = ({ id, name, contextWindow, maxOutput, defaults }: Readonly<Record<string, unknown>>) =>
  modelInfo({ id, name, contextWindow: [contextWindow], maxOutput: [maxOutput], defaults: object(defaults) ?? {} });

/** A provider from a definition and an entry of the config file. */
export function createModuleProvider<Settings extends z.ZodObject>(
  definition: ProviderDefinition<Settings>,
  entry: ModuleEntry,
  settings: z.output<Settings>,
): Provider {
  const { id, name = definition.name, defaultModel = definition.defaultModel, models } = entry;
  const capabilities = new Set(
    entry.capabilities ?? definition.capabilities ?? (['chat', 'generate', 'stream'] as const),
  );
  const secrets = secretsOf(settings);
  const { listModels: listByModule, healthCheck: checkByModule = listByModule, countTokens } = definition;

  /** @throws ProviderError, or `signal.reason` once aborted */
  async function ask<T, Ref extends ProviderErrorInit['ref']>(
    ref: Ref,
    signal: AbortSignal,
    work: (context: ProviderContext<z.output<Settings>> & { readonly ref: Ref }) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const abortable = new Abortable(signal);
    try {
      return await abortable.wait(() => work({ ref, settings, signal: abortable.inner }));
    } catch (error) {
      throw signal.aborted ? signal.reason : moduleFailure(error, { ref, secrets });
    } finally {
      abortable.leave();
    }
  }

  async function listModels(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    signal.throwIfAborted();
    const ref = { provider: id };
    if (!listByModule) return [{ id: defaultModel }];
    const listed = Models.safeParse(await ask(ref, signal, async (context) => listByModule.call(definition, context)));
    const infos = listed.success ? listed.data.map(checkedInfo) : [undefined];
    if (infos.every((info) => info !== undefined)) return infos;
    const detail = 'listModels gave no list of { id }';
    throw new ProviderError('malformed_response', { ref, detail, cause: listed.error });
  }

  return {
    id,
    name,
    capabilities,
    defaultModel,
    ...dropAbsent({ models }),
    keyConfig: definition.keyConfig ?? NO_KEY,
    model: (model) => new ModuleModel({ ref: { provider: id, model }, definition, settings, capabilities, secrets }),
    listModels,
    healthCheck: (signal) =>
      checkHealth(() => ask({ provider: id }, signal, async (context) => checkByModule?.call(definition, context))),
    ...(countTokens && {
      countTokens: (model: string, call: ModelCall, signal: AbortSignal) =>
        ask({ provider: id, model }, signal, async (context) =>
          countTokens.call(definition, call, { ...context, model }),
        ),
    }),
  };
}
