import { Module } from '@nestjs/common';
import { StreamsModule } from '../streams/streams.module.js';
import { ApiGauges } from './api-gauges.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsServer } from './metrics-server.js';

@Module({
  imports: [StreamsModule],
  controllers: [MetricsController],
  providers: [ApiGauges, MetricsServer],
})
export class MonitoringModule {}
