import { Module } from '@nestjs/common';
import { Retention } from '#runtime/worker';
import { AttemptModule } from '../attempt/attempt.module.js';
import { Beat } from './beat.js';
import { ControlChannel } from './control-channel.js';
import { Sweeper } from './sweeper.js';

@Module({
  imports: [AttemptModule],
  providers: [Beat, ControlChannel, Retention, Sweeper],
  exports: [Beat, ControlChannel, Sweeper],
})
export class BackgroundModule {}
