import { type DynamicModule, Module } from '@nestjs/common';
import { type Logger, PlatformModule, POOL_CONNECTIONS } from '#runtime';
import { ExecutionModule } from '#runtime/worker';
import { AttemptModule } from './attempt/attempt.module.js';
import { BackgroundModule } from './background/background.module.js';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import type { WorkerConfig } from './config.js';
import { JobsModule } from './jobs/jobs.module.js';
import { type LoadedModules, SettingsModule } from './settings.module.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { WorkerProcess } from './worker-process.js';

@Module({
  imports: [AttemptModule, BackgroundModule, CatalogueModule, JobsModule, MonitoringModule],
  providers: [WorkerProcess],
})
export class WorkerModule {
  static register(config: WorkerConfig, loaded: LoadedModules, logger: Logger): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.register({
          ...config,
          name: 'chatkit-relay worker',
          maxDatabaseConnections: POOL_CONNECTIONS,
          logger,
        }),
        ExecutionModule,
        SettingsModule.register(config, loaded),
      ],
    };
  }
}
