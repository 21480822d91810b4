import { Module } from '@nestjs/common';
import { Retention } from '#runtime/worker';
import { AttemptModule } from '../attempt/attempt.module.js';
import { Beat } from './beat.js';
import { ControlChannel } from './control-channel.js';
import { OrphanSweep } from './orphan-sweep.js';
import { Sweeper } from './sweeper.js';

@Module({
  imports: [AttemptModule],
  providers: [Beat, ControlChannel, OrphanSweep, Retention, Sweeper],
  exports: [Beat, ControlChannel, OrphanSweep, Sweeper],
})
export class BackgroundModule {}
