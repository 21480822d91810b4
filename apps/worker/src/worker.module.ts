import { type DynamicModule, Module } from '@nestjs/common';
import { createProviders, createRegistry, type Registry } from '#providers';
import {
  CatalogueStore,
  Database,
  EventEngine,
  type Logger,
  newWorkerId,
  PlatformModule,
  type PublishedCatalogue,
  RunLifecycle,
  RunPublisher,
} from '#runtime';
import type { WorkerConfig } from './config.js';
import { RunTurnProcessor } from './jobs/run-turn.processor.js';
import { ActiveRuns } from './runs/active-runs.js';
import { TurnRunner } from './turn/turn-runner.js';
import { WorkerProcess } from './worker-process.js';

/** Wiring only: what stands here is made once, and handed to whoever names it. */
@Module({})
export class WorkerModule {
  static register(config: WorkerConfig, logger: Logger): DynamicModule {
    const registry = createRegistry(createProviders(config.providers));
    const workerId = newWorkerId();
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
        ActiveRuns,
        {
          provide: RunPublisher,
          inject: [EventEngine],
          useFactory: (engine: EventEngine) =>
            new RunPublisher(engine, (error) => logger.warn({ err: error }, 'the run log is out of reach')),
        },
        {
          provide: TurnRunner,
          inject: [Database, EventEngine, RunLifecycle, RunPublisher, ActiveRuns],
          useFactory: (
            db: Database,
            engine: EventEngine,
            lifecycle: RunLifecycle,
            publisher: RunPublisher,
            active: ActiveRuns,
          ) =>
            new TurnRunner({
              workerId,
              db,
              engine,
              lifecycle,
              publisher,
              active,
              registry,
              showCauses: config.showCauses,
              logger,
            }),
        },
        {
          provide: WorkerProcess,
          inject: [RunTurnProcessor, EventEngine, RunLifecycle, RunPublisher, ActiveRuns, CatalogueStore],
          useFactory: (
            processor: RunTurnProcessor,
            engine: EventEngine,
            lifecycle: RunLifecycle,
            publisher: RunPublisher,
            active: ActiveRuns,
            catalogues: CatalogueStore,
          ) =>
            new WorkerProcess({
              workerId,
              concurrency: config.concurrency,
              processor,
              engine,
              lifecycle,
              publisher,
              active,
              catalogues,
              catalogue: published(registry),
              logger,
            }),
        },
      ],
    };
  }
}

function published(registry: Registry): PublishedCatalogue {
  const { default: defaultModel, providers } = registry.catalogue();
  return {
    defaultModel,
    providers: providers.map(({ models = [], capabilities, ...provider }) => ({
      ...provider,
      models: [...models],
      capabilities: [...capabilities],
    })),
  };
}
