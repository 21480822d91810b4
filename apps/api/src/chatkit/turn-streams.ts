import { Injectable } from '@nestjs/common';
import type { FrameSink, RunFollower } from '#runtime/api';
import { Disconnects } from '../streams/disconnects.js';
import { BEFORE_FIRST_EVENT, MarkedFrames } from '../streams/marked-frames.js';
import { OpenStreams } from '../streams/open-streams.js';
import { PendingStops } from '../streams/pending-stops.js';
import { RunFollowers } from '../streams/run-followers.js';
import type { SseResponse } from '../streams/sse-response.js';
import { WaitingLine } from '../streams/waiting-line.js';
import type { Caller } from './caller.js';
import { type Opening, preamble } from './preamble.js';

/** A client that reads a run by a ChatKit request. */
export interface Reader {
  readonly runId: string;
  readonly response: SseResponse;
  readonly sink: FrameSink;
  readonly follower: RunFollower;
}

/** A turn as it is streamed: what its reader sees first, and where the rest comes from. */
export interface StreamedTurn {
  readonly threadId: string;
  readonly opening: Opening;
  /** As for {@link RunFollower.start}. */
  readonly from: Parameters<RunFollower['start']>[0];
}

/** The streams that answer ChatKit requests. */
@Injectable()
export class TurnStreams {
  constructor(
    private readonly followers: RunFollowers,
    private readonly streams: OpenStreams,
    private readonly stops: PendingStops,
    private readonly line: WaitingLine,
    private readonly disconnects: Disconnects,
  ) {}

  /** `isReplay`: the run exists already, and the shim, which counts events, gets all of them from the log. */
  reader(
    runId: string,
    { isShim, auth }: Caller,
    response: SseResponse,
    { isReplay }: { readonly isReplay: boolean },
  ): Reader {
    const sink = isShim ? new MarkedFrames(response) : response;
    const after = isReplay && isShim ? { fence: 0, seq: 0 } : undefined;
    return { runId, response, sink, follower: this.followers.ofTurn(auth, runId, sink, after) };
  }

  /** Joins the run's readers; its job may be added after that. Never rejects. */
  join({ auth }: Caller, { follower, runId }: Reader): Promise<void> {
    return this.followers.join(auth, follower, runId);
  }

  /**
   * Sends a turn to its reader, from the preamble to the run's last event; a reader who waits is shown their place in line.
   * `begin` is called once the stream is open, unless the reader has left by then.
   */
  async send(
    { threadId, opening, from }: StreamedTurn,
    reader: Reader,
    caller: Caller,
    begin: () => void,
  ): Promise<void> {
    const { runId, response, sink, follower } = reader;
    const kind = caller.isShim ? 'shim' : 'client';
    const leave = () => this.disconnects.readerLeft(kind, { runId, threadId, owner: caller.auth }, follower);
    this.streams.add(response);
    this.stops.streamOpened(threadId);
    response.onAborted(leave);
    response.open({ 'chatkit-run-id': runId }, { runId, threadId });
    sink.write(preamble(opening, caller), BEFORE_FIRST_EVENT);
    follower.start(from);
    const leaveLine = this.line.add({
      runId,
      languages: caller.context.locale,
      hasBegun: () => follower.fence > 0,
      show: (frames) => sink.write(frames, BEFORE_FIRST_EVENT),
    });
    if (response.isClosed) leave();
    else begin();
    await follower.done;
    leaveLine();
    this.stops.streamEnded(threadId);
    this.streams.remove(response);
    response.end();
  }
}
