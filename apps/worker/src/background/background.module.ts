import { Module } from '@nestjs/common';
import { Retention } from '#runtime/worker';
import { AttemptModule } from '../attempt/attempt.module.js';
import { ContextModule } from '../context/context.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { Beat } from './beat.js';
import { ControlChannel } from './control-channel.js';
import { LoadReport } from './load-report.js';
import { OrphanSweep } from './orphan-sweep.js';
import { Sweeper } from './sweeper.js';

@Module({
  imports: [AttemptModule, ContextModule, ProvidersModule],
  providers: [Beat, ControlChannel, LoadReport, OrphanSweep, Retention, Sweeper],
  exports: [Beat, ControlChannel, LoadReport, OrphanSweep, Sweeper],
})
export class BackgroundModule {}
