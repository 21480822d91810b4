import { Module } from '@nestjs/common';
import { InstanceId, RunCopies } from '#runtime/api';
import { ModelsModule } from '../models/models.module.js';
import { Disconnects } from './disconnects.js';
import { OpenStreams } from './open-streams.js';
import { PendingStops } from './pending-stops.js';
import { StreamSlots } from '../slots/stream-slots.js';
import { RunFollowers } from './run-followers.js';
import { WaitingLine } from './waiting-line.js';

/** What every stream needs: of a turn, of a followed run, of a completion. */
@Module({
  imports: [ModelsModule],
  providers: [Disconnects, InstanceId, OpenStreams, PendingStops, RunCopies, RunFollowers, StreamSlots, WaitingLine],
  exports: [Disconnects, InstanceId, OpenStreams, PendingStops, RunFollowers, StreamSlots, WaitingLine],
})
export class StreamsModule {}
