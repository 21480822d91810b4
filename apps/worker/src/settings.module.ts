import { type DynamicModule, Global, Module } from '@nestjs/common';
import { responseOptionsOf, type CallHooks, type Provider } from '#providers';
import { AttachmentFiles, createAttachmentFiles, Database, DeletedFiles, Metrics, ProviderKeys } from '#runtime';
import { newWorkerId, RetentionSettings } from '#runtime/worker';
import { ProviderNames } from './attempt/provider-names.js';
import { AssistantSettings } from './assistants/assistant-settings.js';
import type { Assistants } from './assistants/assistants.js';
import { WorkerSettings } from './worker-settings.js';
import type { WorkerConfig } from './config.js';
import { CompletionSettings } from './gateway/completion-settings.js';
import { Hooks } from './hooks/hooks.js';
import { ModelLabels } from './metrics/model-labels.js';
import { ModelMetrics } from './metrics/model-metrics.js';
import { HealthSettings } from './monitoring/health-settings.js';
import { provideBy, provideValue } from './nest/provide.js';
import { modelsToBeListed } from './providers/configured-models.js';
import { ModelSettings } from './providers/model-settings.js';
import { ModelsToBeListed } from './providers/unlisted-models.js';
import { TurnSettings } from './turn/turn-settings.js';

/** The operator's modules, loaded before there is anything else. */
export interface LoadedModules {
  readonly assistants: Assistants;
  readonly providers: readonly Provider[];
  readonly hooks: CallHooks | undefined;
}

/** The configuration in parts: each place is given the part that it names. */
@Global()
@Module({})
export class SettingsModule {
  static register(config: WorkerConfig, loaded: LoadedModules): DynamicModule {
    const { file, concurrency, graceMs } = config;
    const providers = [
      provideValue(WorkerSettings, {
        workerId: newWorkerId(),
        concurrency,
        graceMs,
        runMs: config.models.runMs,
        attachmentBytes: config.attachmentBytes,
        distinguishesUsers: config.distinguishesUsers,
      }),
      provideValue(AssistantSettings, { loaded: loaded.assistants, transcriptionModel: file.transcription?.model }),
      provideValue(ModelSettings, {
        providers: loaded.providers,
        configs: config.providers,
        outgoing: { proxyOf: config.proxyOf, headersNow: config.headersNow },
        defaultModel: file.defaults.model,
        ...config.models,
      }),
      provideValue(ProviderNames, new ProviderNames(config.providers)),
      provideValue(ModelsToBeListed, { models: modelsToBeListed(config) }),
      provideBy(ModelLabels, [ModelSettings], (models) => new ModelLabels(models)),
      provideBy(ModelMetrics, [Metrics, ModelLabels], (metrics, labels) => new ModelMetrics(metrics, labels)),
      provideValue(HealthSettings, config.health),
      provideValue(TurnSettings, { titles: file.titles }),
      provideValue(CompletionSettings, {
        cache: file.cache,
        responseOptions: responseOptionsOf(config.providers),
      }),
      provideValue(RetentionSettings, { retention: file.retention }),
      provideValue(Hooks, new Hooks(loaded.hooks)),
      provideBy(ProviderKeys, [Database], (db) => new ProviderKeys(db, config.secretsKeys)),
      provideValue(AttachmentFiles, createAttachmentFiles(config.files)),
      DeletedFiles,
    ];
    return { module: SettingsModule, providers, exports: providers };
  }
}
