import { Injectable } from '@nestjs/common';
import { DatabaseClock, type Run } from '#runtime';
import { type Cursor, RunAdmission, SILENCE_MS } from '#runtime/api';
import { Disconnects } from '../streams/disconnects.js';
import { BEFORE_FIRST_EVENT, MarkedFrames } from '../streams/marked-frames.js';
import { OpenStreams } from '../streams/open-streams.js';
import { RunFollowers } from '../streams/run-followers.js';
import type { SseResponse } from '../streams/sse-response.js';
import { WaitingLine } from '../streams/waiting-line.js';

/** Who reads a run. */
interface RunReader {
  readonly response: SseResponse;
  /** Absent: a snapshot of the present state, and then what follows. */
  readonly after: Cursor | undefined;
  /** The `Accept-Language` header. */
  readonly languages: string | undefined;
}

/** Streams of runs that another request has started, or to which a reader reconnects. Closing one does not stop the run. */
@Injectable()
export class RunStreams {
  constructor(
    private readonly runs: RunAdmission,
    private readonly followers: RunFollowers,
    private readonly streams: OpenStreams,
    private readonly line: WaitingLine,
    private readonly disconnects: Disconnects,
    private readonly clock: DatabaseClock,
  ) {}

  /** Writes the run's events after the reader's cursor. A reader of a run that waits is shown its place in line. */
  async follow(run: Run, { response, after, languages }: RunReader): Promise<void> {
    const owner = { tenantId: run.tenantId, userId: run.ownerId };
    const sink = new MarkedFrames(response);
    const follower = this.followers.ofTurn(owner, run.id, sink, after);
    await this.followers.join(owner, follower, run.id);
    this.streams.add(response);
    const leave = () => this.disconnects.readerLeft('follower', { runId: run.id, owner }, follower);
    response.onAborted(leave);
    response.open({ 'chatkit-run-id': run.id }, { runId: run.id, threadId: run.threadId });
    follower.start({ fromLog: true, isOver: isLongOver(run, this.clock.now()) });
    const leaveLine = this.line.add({
      runId: run.id,
      languages,
      hasBegun: () => follower.fence > 0,
      show: (frames) => sink.write(frames, BEFORE_FIRST_EVENT),
    });
    if (response.isClosed) leave();
    // After joining: a worker that claims the run from now on finds us among its readers.
    else void this.runs.announceReader(run.id);
    await follower.done;
    leaveLine();
    this.streams.remove(response);
    response.end();
  }
}

/** A worker writes the last entry right after it has settled the run. */
function isLongOver({ settledAt }: Run, now: Date): boolean {
  return settledAt !== null && settledAt.getTime() < now.getTime() - SILENCE_MS;
}
