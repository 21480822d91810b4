import { type DynamicModule, Global, Module } from '@nestjs/common';
import { responseOptionsOf, type CallHooks, type Provider } from '#providers';
import { AttachmentFiles, createAttachmentFiles, Database, DeletedFiles, type Logger, ProviderKeys } from '#runtime';
import { newWorkerId, RetentionSettings } from '#runtime/worker';
import { AssistantSettings } from './assistants/assistant-settings.js';
import type { Assistants } from './assistants/assistants.js';
import { WorkerSettings } from './worker-settings.js';
import type { WorkerConfig } from './config.js';
import { CompletionSettings } from './gateway/completion-settings.js';
import { Hooks } from './hooks/hooks.js';
import { provideBy, provideValue } from './nest/provide.js';
import { ModelSettings } from './providers/model-settings.js';
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
  static register(config: WorkerConfig, loaded: LoadedModules, logger: Logger): DynamicModule {
    const { file, showCauses, concurrency, graceMs } = config;
    const providers = [
      provideValue(WorkerSettings, {
        workerId: newWorkerId(),
        concurrency,
        graceMs,
        runMs: config.models.runMs,
        attachmentBytes: config.attachmentBytes,
      }),
      provideValue(AssistantSettings, { loaded: loaded.assistants, transcriptionModel: file.transcription?.model }),
      provideValue(ModelSettings, {
        providers: loaded.providers,
        configs: config.providers,
        outgoing: { proxyOf: config.proxyOf },
        defaultModel: file.defaults.model,
        ...config.models,
      }),
      provideValue(TurnSettings, { titles: file.titles, showCauses }),
      provideValue(CompletionSettings, {
        cache: file.cache,
        responseOptions: responseOptionsOf(config.providers),
        showCauses,
      }),
      provideValue(RetentionSettings, { retention: file.retention }),
      provideValue(Hooks, new Hooks(loaded.hooks, logger)),
      provideBy(ProviderKeys, [Database], (db) => new ProviderKeys(db, config.secretsKeys)),
      provideValue(AttachmentFiles, createAttachmentFiles(config.files)),
      DeletedFiles,
    ];
    return { module: SettingsModule, providers, exports: providers };
  }
}
