import { Injectable } from '@nestjs/common';
import { DatabaseClock, type Run } from '#runtime';
import { type Cursor, RunAdmission, SILENCE_MS } from '#runtime/api';
import { Disconnects } from '../streams/disconnects.js';
import { MarkedFrames } from '../streams/marked-frames.js';
import { OpenStreams } from '../streams/open-streams.js';
import { RunFollowers } from '../streams/run-followers.js';
import type { SseResponse } from '../streams/sse-response.js';

/** Streams of runs that another request has started, or to which a reader reconnects. Closing one does not stop the run. */
@Injectable()
export class RunStreams {
  constructor(
    private readonly runs: RunAdmission,
    private readonly followers: RunFollowers,
    private readonly streams: OpenStreams,
    private readonly disconnects: Disconnects,
    private readonly clock: DatabaseClock,
  ) {}

  /** Writes the run's events after the cursor; without one, a snapshot of the present state and then what follows. */
  async follow(run: Run, after: Cursor | undefined, response: SseResponse): Promise<void> {
    const owner = { tenantId: run.tenantId, userId: run.ownerId };
    const follower = this.followers.ofTurn(owner, run.id, new MarkedFrames(response), after);
    await this.followers.join(owner, follower, run.id);
    this.streams.add(response);
    const leave = () => this.disconnects.readerLeft('follower', { runId: run.id, owner }, follower);
    response.onAborted(leave);
    response.open({ 'chatkit-run-id': run.id }, { runId: run.id, threadId: run.threadId });
    follower.start({ fromLog: true, isOver: isLongOver(run, this.clock.now()) });
    if (response.isClosed) leave();
    // After joining: a worker that claims the run from now on finds us among its readers.
    else void this.runs.announceReader(run.id);
    await follower.done;
    this.streams.remove(response);
    response.end();
  }
}

/** A worker writes the last entry right after it has settled the run. */
function isLongOver({ settledAt }: Run, now: Date): boolean {
  return settledAt !== null && settledAt.getTime() < now.getTime() - SILENCE_MS;
}
