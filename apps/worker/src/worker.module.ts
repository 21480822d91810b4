import { type DynamicModule, Module } from '@nestjs/common';
import { responseOptions, type CallHooks, createRegistry, type Provider, type Registry } from '#providers';
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
  RunExecution,
  RunPublisher,
  RunQueue,
  sweepUploads,
  UsageStore,
} from '#runtime';
import type { WorkerConfig } from './config.js';
import { Assistants } from './assistants/assistants.js';
import { AssistantCallProcessor } from './jobs/assistant-call.processor.js';
import { CallRunner } from './assistant-calls/call-runner.js';
import { AssistantHooks } from './assistant-calls/assistant-callbacks.js';
import { OpenBreakers } from './providers/open-breakers.js';
import { ProviderWatch } from './providers/provider-watch.js';
import { publishedCatalogue } from './catalogue/published-catalogue.js';
import { Hooks } from './hooks/hooks.js';
import { policyEventLogger } from './providers/policy-event-logger.js';
import { RunTurnProcessor } from './jobs/run-turn.processor.js';
import { ActiveRuns } from './attempt/active-runs.js';
import { TurnRunner } from './turn/turn-runner.js';
import { WorkerProcess } from './worker-process.js';

/** What has been loaded before there is a module. */
export interface Loaded {
  readonly assistants: Assistants;
  readonly providers: readonly Provider[];
  readonly hooks: CallHooks | undefined;
}

/** The models that answer. */
const REGISTRY = Symbol('registry');

/** Wiring only: what stands here is made once, and handed to whoever names it. */
@Module({})
export class WorkerModule {
  static register(
    config: WorkerConfig,
    { assistants: loaded, providers, hooks }: Loaded,
    logger: Logger,
  ): DynamicModule {
    const workerId = newWorkerId();
    const log = policyEventLogger(logger);
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
        OpenBreakers,
        {
          provide: REGISTRY,
          inject: [EventEngine, OpenBreakers],
          useFactory: ({ policies }: EventEngine, breakers: OpenBreakers) =>
            createRegistry(providers, {
              defaultModel: config.file.defaults.model,
              ...config.models,
              state: policies,
              onPolicyEvent: (event) => {
                log(event);
                breakers.take(event);
              },
            }),
        },
        {
          provide: Assistants,
          inject: [REGISTRY],
          useFactory: (registry: Registry) => hearing(loaded, registry, config.file.transcription?.model),
        },
        {
          provide: ProviderWatch,
          inject: [REGISTRY],
          useFactory: (registry: Registry) => new ProviderWatch({ registry, logger }),
        },
        { provide: AttachmentFiles, useValue: new LocalAttachmentFiles(config.dataDir) },
        {
          provide: CallRunner,
          inject: [CallStore, EventEngine, PrismaThreadStore, AttachmentFiles, Assistants, REGISTRY, UsageStore],
          useFactory: (
            calls: CallStore,
            engine: EventEngine,
            store: PrismaThreadStore,
            files: AttachmentFiles,
            assistants: Assistants,
            registry: Registry,
            usage: UsageStore,
          ) => {
            const around = new Hooks(hooks, logger);
            const handler = new AssistantHooks({ store, files, assistants, registry, hooks: around, usage, logger });
            return new CallRunner({ store: calls, engine, handler, logger });
          },
        },
        RunPublisher,
        {
          provide: TurnRunner,
          inject: [
            Database,
            EventEngine,
            RunExecution,
            RunPublisher,
            ActiveRuns,
            PrismaThreadStore,
            AttachmentFiles,
            Assistants,
            REGISTRY,
            UsageStore,
          ],
          useFactory: (
            db: Database,
            engine: EventEngine,
            lifecycle: RunExecution,
            publisher: RunPublisher,
            active: ActiveRuns,
            store: PrismaThreadStore,
            files: AttachmentFiles,
            assistants: Assistants,
            registry: Registry,
            usage: UsageStore,
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
              usage,
              titles: config.file.titles,
              hooks: new Hooks(hooks, logger),
              gateway: {
                cache: config.file.cache,
                responseOptions: (options) => responseOptions(config.providers, options),
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
            RunExecution,
            RunPublisher,
            ActiveRuns,
            CatalogueStore,
            ProviderWatch,
            OpenBreakers,
            Assistants,
            REGISTRY,
            Database,
            AttachmentFiles,
            RunQueue,
          ],
          useFactory: (
            processor: RunTurnProcessor,
            calls: AssistantCallProcessor,
            engine: EventEngine,
            lifecycle: RunExecution,
            publisher: RunPublisher,
            active: ActiveRuns,
            catalogues: CatalogueStore,
            watch: ProviderWatch,
            breakers: OpenBreakers,
            assistants: Assistants,
            registry: Registry,
            db: Database,
            files: AttachmentFiles,
            queue: RunQueue,
          ) =>
            new WorkerProcess({
              workerId,
              concurrency: config.concurrency,
              graceMs: config.graceMs,
              processor,
              calls,
              engine,
              lifecycle,
              queue,
              publisher,
              active,
              catalogues,
              providers: watch,
              breakers,
              catalogue: () =>
                publishedCatalogue({
                  registry,
                  assistants,
                  names: config.models.names,
                  newsOf: (id) => watch.newsOf(id),
                  openBreakers: breakers.list(),
                }),
              removeUnusedUploads: () => sweepUploads(db, files),
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
