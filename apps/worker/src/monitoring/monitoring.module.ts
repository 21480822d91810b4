import { Module } from '@nestjs/common';
import { AttemptModule } from '../attempt/attempt.module.js';
import { BackgroundModule } from '../background/background.module.js';
import { ContextModule } from '../context/context.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { HealthServer } from './health-server.js';
import { WorkerGauges } from './worker-gauges.js';

@Module({
  imports: [AttemptModule, BackgroundModule, ContextModule, ProvidersModule],
  providers: [HealthServer, WorkerGauges],
  exports: [HealthServer],
})
export class MonitoringModule {}
