import { type DynamicModule, Module } from '@nestjs/common';
import {
  answerWishes,
  type CallHooks,
  createRegistry,
  type PolicyState,
  type Provider,
  type Registry,
} from '#providers';
import {
  AttachmentFiles,
  CallStore,
  CatalogueStore,
  Database,
  EventEngine,
  LocalAttachmentFiles,
  type Logger,
  newWorkerId,
  PlatformModule,
  PrismaThreadStore,
  RunLifecycle,
  RunPublisher,
} from '#runtime';
import type { WorkerConfig } from './config.js';
import type { Assistants } from './assistants/assistants.js';
import { AssistantCallProcessor } from './calls/assistant-call.processor.js';
import { CallRunner } from './calls/call-runner.js';
import { AssistantHooks } from './calls/assistant-hooks.js';
import { ProviderWatch } from './catalogue/provider-watch.js';
import { publishedCatalogue } from './catalogue/published-catalogue.js';
import { Hooks } from './hooks/hooks.js';
import { policyEventLogger } from './providers/policy-event-logger.js';
import { RunTurnProcessor } from './jobs/run-turn.processor.js';
import { ActiveRuns } from './runs/active-runs.js';
import { TurnRunner } from './turn/turn-runner.js';
import { WorkerProcess } from './worker-process.js';

/** What has been loaded before there is a module. */
export interface Loaded {
  readonly assistants: Assistants;
  readonly providers: readonly Provider[];
  readonly hooks: CallHooks | undefined;
  /** What all workers know together about the providers; by default what this one knows. */
  readonly policyState?: PolicyState;
}

/** Wiring only: what stands here is made once, and handed to whoever names it. */
@Module({})
export class WorkerModule {
  static register(
    config: WorkerConfig,
    { assistants: loaded, providers, hooks, policyState }: Loaded,
    logger: Logger,
  ): DynamicModule {
    const registry = createRegistry(providers, {
      defaultModel: config.file.defaults.model,
      ...config.models,
      state: policyState,
      onPolicyEvent: policyEventLogger(logger),
    });
    const assistants = hearing(loaded, registry, config.file.transcription?.model);
    const workerId = newWorkerId();
    const watch = new ProviderWatch({ registry, logger });
    const newsOf = (id: string) => watch.newsOf(id);
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.register({
          ...config,
          name: 'chatkit-relay worker',
          maxDatabaseConnections: 10,
          logger,
        }),
      ],
      providers: [
        RunTurnProcessor,
        AssistantCallProcessor,
        ActiveRuns,
        { provide: AttachmentFiles, useValue: new LocalAttachmentFiles(config.dataDir) },
        {
          provide: CallRunner,
          inject: [CallStore, EventEngine, PrismaThreadStore, AttachmentFiles],
          useFactory: (calls: CallStore, engine: EventEngine, store: PrismaThreadStore, files: AttachmentFiles) => {
            const handler = new AssistantHooks({ store, files, assistants, registry, logger });
            return new CallRunner({ store: calls, engine, handler, logger });
          },
        },
        {
          provide: RunPublisher,
          inject: [EventEngine],
          useFactory: (engine: EventEngine) =>
            new RunPublisher(engine, (error) => logger.warn({ err: error }, 'the run log is out of reach')),
        },
        {
          provide: TurnRunner,
          inject: [Database, EventEngine, RunLifecycle, RunPublisher, ActiveRuns, PrismaThreadStore, AttachmentFiles],
          useFactory: (
            db: Database,
            engine: EventEngine,
            lifecycle: RunLifecycle,
            publisher: RunPublisher,
            active: ActiveRuns,
            store: PrismaThreadStore,
            files: AttachmentFiles,
          ) =>
            new TurnRunner({
              workerId,
              db,
              engine,
              lifecycle,
              publisher,
              active,
              registry,
              assistants,
              store,
              files,
              titles: config.file.titles,
              hooks: new Hooks(hooks, logger),
              gateway: {
                cache: config.file.cache,
                wishes: (wishes) => answerWishes(config.providers, wishes),
              },
              showCauses: config.showCauses,
              logger,
            }),
        },
        {
          provide: WorkerProcess,
          inject: [
            RunTurnProcessor,
            AssistantCallProcessor,
            EventEngine,
            RunLifecycle,
            RunPublisher,
            ActiveRuns,
            CatalogueStore,
          ],
          useFactory: (
            processor: RunTurnProcessor,
            calls: AssistantCallProcessor,
            engine: EventEngine,
            lifecycle: RunLifecycle,
            publisher: RunPublisher,
            active: ActiveRuns,
            catalogues: CatalogueStore,
          ) =>
            new WorkerProcess({
              workerId,
              concurrency: config.concurrency,
              graceMs: config.graceMs,
              processor,
              calls,
              engine,
              lifecycle,
              publisher,
              active,
              catalogues,
              providers: watch,
              catalogue: () => publishedCatalogue({ registry, assistants, names: config.models.names, newsOf }),
              logger,
            }),
        },
      ],
    };
  }
}

/** Dictation by a provider, where one is configured for it. */
function hearing(assistants: Assistants, registry: Registry, model: string | undefined): Assistants {
  if (model === undefined) return assistants;
  return assistants.withTranscription((ctx, speech) => registry.transcribe(model, speech, ctx.signal));
}
