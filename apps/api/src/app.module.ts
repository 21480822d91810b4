import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, Reflector } from '@nestjs/core';
import { snapshotFrames } from '#chatkit';
import {
  CatalogueStore,
  Database,
  EventEngine,
  finishFromStore,
  IntervalSilenceWatch,
  isRunSettled,
  type Logger,
  newInstanceId,
  PlatformModule,
  PrismaThreadStore,
  RunCopies,
  RunLifecycle,
} from '#runtime';
import { ApiSettings } from './api-settings.js';
import { AuthGuard } from './auth/auth.guard.js';
import { createAuthenticate } from './auth/authenticate.js';
import { ChatKitController } from './chatkit/chatkit.controller.js';
import { OpenStreams } from './chatkit/open-streams.js';
import { TurnStarter } from './chatkit/turn-starter.js';
import type { ApiConfig } from './config.js';
import { DebugController } from './debug/debug.controller.js';
import { HttpErrorFilter } from './errors/http-error.filter.js';
import { HealthController } from './health/health.controller.js';
import { ModelNames } from './models/model-names.js';
import { ModelsController } from './models/models.controller.js';

/** Wiring only: what stands here is made once, and handed to whoever names it. */
@Module({})
export class AppModule {
  static register(config: ApiConfig, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.register({
          ...config,
          name: 'chatkit-relay api',
          maxDatabaseConnections: 10,
          logger,
        }),
      ],
      controllers: [ChatKitController, HealthController, ModelsController, DebugController],
      providers: [
        OpenStreams,
        { provide: ApiSettings, useValue: new ApiSettings(config) },
        { provide: APP_FILTER, useValue: new HttpErrorFilter(logger) },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new AuthGuard(reflector, createAuthenticate(config.auth)),
        },
        { provide: ModelNames, inject: [CatalogueStore], useFactory: (store: CatalogueStore) => new ModelNames(store) },
        {
          provide: RunCopies,
          inject: [EventEngine],
          useFactory: ({ bus }: EventEngine) =>
            new RunCopies(bus, newInstanceId(), (error) => logger.warn({ err: error }, 'cannot renew a reader')),
        },
        {
          provide: TurnStarter,
          inject: [Database, EventEngine, RunLifecycle, PrismaThreadStore, ModelNames, RunCopies, OpenStreams],
          useFactory: (
            db: Database,
            engine: EventEngine,
            lifecycle: RunLifecycle,
            store: PrismaThreadStore,
            models: ModelNames,
            copies: RunCopies,
            streams: OpenStreams,
          ) =>
            new TurnStarter({
              engine,
              lifecycle,
              store,
              models,
              streams,
              logger,
              follow: followDeps(config, logger, db, engine, copies),
            }),
        },
      ],
    };
  }
}

function followDeps(config: ApiConfig, logger: Logger, db: Database, { log }: EventEngine, copies: RunCopies) {
  return {
    log,
    copies,
    silence: new IntervalSilenceWatch(),
    snapshot: (frames: Buffer) => Buffer.from(snapshotFrames(frames.toString('utf8'))),
    isSettled: (runId: string) => isRunSettled(db, runId),
    finishFromStore: (runId: string, shown: Parameters<typeof finishFromStore>[2]) =>
      finishFromStore(db, runId, shown, config.auth.mode === 'none'),
    onError: (error: Error) => logger.warn({ err: error }, 'cannot follow a run'),
  };
}
