import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CallStore } from '../calls/call-store.js';
import { EventEngine } from '../events/event-engine.js';
import { queueConnection } from './queue-connection.js';
import { CALL_QUEUE, CallQueue } from '../jobs/call-queue.js';
import { JOB_OPTIONS } from '../jobs/job-options.js';
import { RUN_QUEUE, RunQueue } from '../jobs/run-queue.js';
import { CatalogueStore } from '../models/catalogue-store.js';
import { RunLimits } from '../runs/limits.js';
import { RunDispatcher } from '../runs/run-dispatcher.js';
import { PrismaThreadStore } from '../threads/prisma-thread-store.js';
import { UsageStore } from '../usage/usage-store.js';
import { connectEventEngine } from './connect-event-engine.js';
import { Database } from '../platform/database.js';
import { DatabaseClock } from '../platform/database-clock.js';
import { Logger } from '../platform/logger.js';

export interface PlatformOptions {
  /** The name of the process's connections in Postgres and Redis. */
  readonly name: string;
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly maxDatabaseConnections: number;
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
        useFactory: (db: Database) =>
          connectEventEngine(db, options, (error) => logger.warn({ err: error }, 'event engine')),
      },
      RunQueue,
      CallQueue,
      CallStore,
      PrismaThreadStore,
      {
        provide: UsageStore,
        inject: [Database],
        useFactory: (db: Database) => new UsageStore(db, options.limits.quotas),
      },
      CatalogueStore,
      RunDispatcher,
    ];
    return {
      module: PlatformModule,
      imports: [
        BullModule.forRoot({ connection: queueConnection(options) }),
        BullModule.registerQueue(
          { name: RUN_QUEUE, defaultJobOptions: JOB_OPTIONS },
          { name: CALL_QUEUE, defaultJobOptions: JOB_OPTIONS },
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

async function openDatabase({ databaseUrl, maxDatabaseConnections, name }: PlatformOptions): Promise<Database> {
  const database = new Database(databaseUrl, { maxConnections: maxDatabaseConnections, name });
  await database.ping();
  return database;
}
