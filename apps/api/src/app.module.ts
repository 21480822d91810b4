import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, Reflector } from '@nestjs/core';
import { snapshotFrames } from '#chatkit';
import {
  AssistantCalls,
  AssistantCallTimes,
  Attachments,
  AttachmentFiles,
  AttachmentSettings,
  CatalogueStore,
  Database,
  EventEngine,
  FeedbackStore,
  finishFromStore,
  finishGatewayFromStore,
  IntervalSilenceWatch,
  isGatewayOver,
  isRunSettled,
  loadOpenItems,
  LocalAttachmentFiles,
  type Logger,
  InstanceId,
  PlatformModule,
  PrismaThreadStore,
  RunCopies,
  RunAdmission,
  UploadRecords,
} from '#runtime';
import { ApiSettings } from './api-settings.js';
import { Assistants } from './assistants/assistants.js';
import { AuthGuard } from './auth/auth.guard.js';
import { createAuthenticate } from './auth/authenticate.js';
import { ChatKitController } from './chatkit/chatkit.controller.js';
import { JsonOperations } from './chatkit/json-operations.js';
import { OpenStreams } from './streams/open-streams.js';
import { StopsUnderWay } from './streams/stops-under-way.js';
import { TurnStarter } from './chatkit/turn-starter.js';
import { WaitingLine } from './chatkit/waiting-line.js';
import type { ApiConfig } from './config.js';
import { DebugController } from './debug/debug.controller.js';
import { HttpErrorFilter } from './errors/http-error.filter.js';
import { CompletionStarter } from './gateway/completion-starter.js';
import { GatewayController } from './gateway/gateway.controller.js';
import { HealthController } from './health/health.controller.js';
import { TrickleController } from './health/trickle.controller.js';
import { CachedCatalogue } from './models/cached-catalogue.js';
import { ModelNames } from './models/model-names.js';
import { ModelsController } from './models/models.controller.js';
import { Followers } from './streams/followers.js';
import { RunStreams } from './runs/run-streams.js';
import { RunsController } from './runs/runs.controller.js';
import { UsageController } from './usage/usage.controller.js';

const MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024;

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
      controllers: [
        ChatKitController,
        RunsController,
        GatewayController,
        HealthController,
        TrickleController,
        ModelsController,
        UsageController,
        DebugController,
      ],
      providers: [
        OpenStreams,
        StopsUnderWay,
        { provide: ApiSettings, useValue: new ApiSettings(config) },
        { provide: APP_FILTER, useValue: new HttpErrorFilter(logger) },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new AuthGuard(reflector, createAuthenticate(config.auth)),
        },
        {
          provide: CachedCatalogue,
          inject: [CatalogueStore],
          useFactory: (store: CatalogueStore) => new CachedCatalogue(store),
        },
        {
          provide: Assistants,
          inject: [CachedCatalogue],
          useFactory: (catalogue: CachedCatalogue) => new Assistants(catalogue, config.doubleTexting),
        },
        InstanceId,
        RunCopies,
        AssistantCallTimes,
        AssistantCalls,
        UploadRecords,
        { provide: AttachmentFiles, useValue: new LocalAttachmentFiles(config.dataDir) },
        { provide: AttachmentSettings, useValue: { maxBytes: MAX_ATTACHMENT_BYTES } satisfies AttachmentSettings },
        Attachments,
        {
          provide: JsonOperations,
          inject: [Database, EventEngine, PrismaThreadStore, RunAdmission, Attachments, AssistantCalls],
          useFactory: (
            db: Database,
            { log }: EventEngine,
            store: PrismaThreadStore,
            lifecycle: RunAdmission,
            attachments: Attachments,
            calls: AssistantCalls,
          ) =>
            new JsonOperations({
              store,
              lifecycle,
              feedback: new FeedbackStore(db),
              attachments,
              calls,
              openItems: (auth, threadId) => loadOpenItems(db, log, auth, threadId),
              logger,
            }),
        },
        {
          provide: Followers,
          inject: [Database, EventEngine, RunCopies],
          useFactory: (db: Database, engine: EventEngine, copies: RunCopies) =>
            new Followers(followDeps(config, logger, db, engine, copies)),
        },
        {
          provide: RunStreams,
          inject: [RunAdmission, Followers, OpenStreams],
          useFactory: (lifecycle: RunAdmission, { deps: follow }: Followers, streams: OpenStreams) =>
            new RunStreams({ lifecycle, follow, streams, logger }),
        },
        {
          provide: TurnStarter,
          inject: [
            EventEngine,
            RunAdmission,
            PrismaThreadStore,
            CachedCatalogue,
            Followers,
            OpenStreams,
            StopsUnderWay,
          ],
          useFactory: (
            engine: EventEngine,
            lifecycle: RunAdmission,
            store: PrismaThreadStore,
            catalogue: CachedCatalogue,
            { deps: follow }: Followers,
            streams: OpenStreams,
            stops: StopsUnderWay,
          ) =>
            new TurnStarter({
              engine,
              lifecycle,
              store,
              models: new ModelNames(catalogue),
              streams,
              stops,
              line: new WaitingLine(
                (runIds) => lifecycle.queuePositions(runIds),
                (error) => logger.warn({ err: error }, 'cannot tell who waits how long'),
              ),
              logger,
              follow,
            }),
        },
        {
          provide: CompletionStarter,
          inject: [Database, EventEngine, RunAdmission, CachedCatalogue, RunCopies, OpenStreams],
          useFactory: (
            db: Database,
            engine: EventEngine,
            lifecycle: RunAdmission,
            catalogue: CachedCatalogue,
            copies: RunCopies,
            streams: OpenStreams,
          ) =>
            new CompletionStarter({
              engine,
              lifecycle,
              models: new ModelNames(catalogue),
              streams,
              heartbeatMs: config.heartbeatMs,
              logger,
              follow: {
                ...followDeps(config, logger, db, engine, copies),
                isSettled: (runId) => isGatewayOver(db, runId),
                finishFromStore: (runId) => finishGatewayFromStore(db, runId, config.auth.mode === 'none'),
              },
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
