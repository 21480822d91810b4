import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CallStore } from '../calls/call-store.js';
import { EventEngine } from '../events/event-engine.js';
import { queueOptions } from './queue-connection.js';
import { CALL_QUEUE, CallQueue } from '../jobs/call-queue.js';
import { JOB_OPTIONS, QUEUE_STREAMS } from '../jobs/job-options.js';
import { EndedJobs } from '../jobs/ended-jobs.js';
import { RUN_QUEUE, RunQueue } from '../jobs/run-queue.js';
import { CatalogueStore } from '../models/catalogue-store.js';
import { RunLimits } from '../runs/limits.js';
import { RunDispatcher } from '../runs/run-dispatcher.js';
import { Metrics } from '../monitoring/metrics.js';
import { SchemaCheck } from '../monitoring/schema-check.js';
import { StoreChecks } from '../monitoring/store-checks.js';
import { PrismaThreadStore } from '../threads/prisma-thread-store.js';
import { UsageStore } from '../usage/usage-store.js';
import { connectEventEngine, type StoreSettings } from './connect-event-engine.js';
import { isPooled } from '../platform/database-address.js';
import { Database } from '../platform/database.js';
import { DatabaseClock } from '../platform/database-clock.js';
import { Logger } from '../platform/logger.js';
import { warnSparingly } from '../platform/sparingly.js';
import { refuseEmpty, schemaProblem } from '../platform/schema-version.js';

export interface PlatformOptions extends StoreSettings {
  /** The name of the process's connections in Postgres and Redis. */
  readonly name: string;
  readonly maxDatabaseConnections: number;
  readonly rowLevelSecurity: boolean;
  /** Must be the same for both apps. */
  readonly limits: RunLimits;
  readonly logger: Logger;
}

/** The basis of both apps: Postgres, the event engine, the queue, and the services that use them. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly engine: EventEngine,
  ) {}

  static register(options: PlatformOptions): DynamicModule {
    const { logger } = options;
    const providers = [
      { provide: Logger, useValue: logger },
      { provide: RunLimits, useValue: options.limits },
      { provide: Database, useFactory: () => openDatabase(options) },
      { provide: DatabaseClock, inject: [Database], useFactory: ({ clock }: Database) => clock },
      {
        provide: EventEngine,
        inject: [Database],
        useFactory: (db: Database) => connectEventEngine(db, options, warnSparingly(logger, 'event engine')),
      },
      RunQueue,
      CallQueue,
      EndedJobs,
      CallStore,
      PrismaThreadStore,
      {
        provide: UsageStore,
        inject: [Database],
        useFactory: (db: Database) => new UsageStore(db, options.limits.quotas),
      },
      CatalogueStore,
      RunDispatcher,
      { provide: Metrics, useFactory: () => new Metrics() },
      StoreChecks,
      SchemaCheck,
    ];
    return {
      module: PlatformModule,
      imports: [
        BullModule.forRootAsync({
          inject: [Database],
          useFactory: ({ system }: Database) => queueOptions(options, system),
        }),
        BullModule.registerQueue(
          { name: RUN_QUEUE, defaultJobOptions: JOB_OPTIONS, streams: QUEUE_STREAMS },
          { name: CALL_QUEUE, defaultJobOptions: JOB_OPTIONS, streams: QUEUE_STREAMS },
        ),
      ],
      providers,
      exports: providers,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.engine.close();
    await this.database.close();
  }
}

async function openDatabase(options: PlatformOptions): Promise<Database> {
  const database = await Database.open(options.databaseUrl, {
    maxConnections: options.maxDatabaseConnections,
    name: options.name,
    rowLevelSecurity: options.rowLevelSecurity,
    isPooled: isPooled(options),
  });
  await refuseEmpty(database.system);
  const problem = await schemaProblem(database.system);
  if (problem !== undefined) options.logger.error({ problem }, 'the database is not that of this version');
  return database;
}
