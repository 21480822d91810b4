import { Injectable } from '@nestjs/common';
import { Logger } from '#runtime';
import { RunCopies, type RunFollower, RunAdmission } from '#runtime/api';
import { type Decision, onDisconnect, type ReaderKind } from './disconnect-policy.js';
import { OpenStreams } from './open-streams.js';
import { PendingStops } from './pending-stops.js';

/** What was read; a completion has no thread. */
interface ReadRun {
  readonly runId: string;
  readonly threadId?: string | undefined;
}

/** Carries out what `onDisconnect` decides when a stream is over for its reader before the run has ended. */
@Injectable()
export class Disconnects {
  constructor(
    private readonly copies: RunCopies,
    private readonly runs: RunAdmission,
    private readonly streams: OpenStreams,
    private readonly stops: PendingStops,
    private readonly logger: Logger,
  ) {}

  readerLeft(reader: ReaderKind, { runId, threadId }: ReadRun, follower: RunFollower): void {
    const wasLastHere = follower.leave();
    const { isShuttingDown } = this.streams;
    const decide = (wasLastReader: boolean): Decision => onDisconnect({ reader, wasLastReader, isShuttingDown });
    if (decide(wasLastHere) === 'continue') return;
    // The other processes are asked only where their readers make a difference.
    const asksOthers = decide(false) === 'continue';
    const requested = asksOthers ? this.stopUnlessFollowed(runId, decide) : this.stop(runId);
    if (threadId !== undefined) this.stops.add(threadId, requested);
    requested.catch((error: Error) => this.logger.error({ err: error, runId }, 'cannot request a stop'));
  }

  private async stopUnlessFollowed(runId: string, decide: (wasLastReader: boolean) => Decision): Promise<void> {
    const wasLastReader = !(await this.copies.isFollowedElsewhere(runId).catch(() => false));
    if (decide(wasLastReader) === 'stop') await this.stop(runId);
  }

  private async stop(runId: string): Promise<void> {
    const { met } = await this.runs.requestStop(runId);
    // Not "the reader left": at a shutdown this process has ended the stream of a completion itself.
    this.logger.info({ runId, met }, 'the run has no reader any more: stop requested');
  }
}
