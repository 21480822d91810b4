import { Module } from '@nestjs/common';
import { InstanceId, RunCopies } from '#runtime/api';
import { Disconnects } from './disconnects.js';
import { OpenStreams } from './open-streams.js';
import { PendingStops } from './pending-stops.js';
import { StreamSlots } from '../slots/stream-slots.js';
import { RunFollowers } from './run-followers.js';

/** What every stream needs: of a turn, of a followed run, of a completion. */
@Module({
  providers: [Disconnects, InstanceId, OpenStreams, PendingStops, RunCopies, RunFollowers, StreamSlots],
  exports: [Disconnects, InstanceId, OpenStreams, PendingStops, RunFollowers, StreamSlots],
})
export class StreamsModule {}
