import { Injectable } from '@nestjs/common';
import { Logger, type RowOwner } from '#runtime';
import { RunCopies, type RunFollower, RunAdmission } from '#runtime/api';
import { callerIds } from '../errors/log-ids.js';
import { type Decision, onDisconnect, type ReaderKind } from './disconnect-policy.js';
import { OpenStreams } from './open-streams.js';
import { PendingStops } from './pending-stops.js';

/** What was read; a completion has no thread. */
interface ReadRun {
  readonly runId: string;
  readonly owner: RowOwner;
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

  readerLeft(reader: ReaderKind, run: ReadRun, follower: RunFollower): void {
    const { threadId } = run;
    const wasLastHere = follower.leave();
    const { isShuttingDown } = this.streams;
    const decide = (wasLastReader: boolean): Decision => onDisconnect({ reader, wasLastReader, isShuttingDown });
    if (decide(wasLastHere) === 'continue') return;
    // The other processes are asked only where their readers make a difference.
    const asksOthers = decide(false) === 'continue';
    const requested = asksOthers ? this.stopUnlessFollowed(run, decide) : this.stop(run);
    if (threadId !== undefined) this.stops.add(threadId, requested);
    requested.catch((error: Error) => this.logger.error({ ...idsOf(run), err: error }, 'cannot request a stop'));
  }

  private async stopUnlessFollowed(run: ReadRun, decide: (wasLastReader: boolean) => Decision): Promise<void> {
    const wasLastReader = !(await this.copies.isFollowedElsewhere(run.runId).catch(() => false));
    if (decide(wasLastReader) === 'stop') await this.stop(run);
  }

  private async stop(run: ReadRun): Promise<void> {
    const { met } = await this.runs.requestStop(run.runId, run.owner);
    // Not "the reader left": at a shutdown this process has ended the stream of a completion itself.
    this.logger.info({ ...idsOf(run), met }, 'the run has no reader any more: stop requested');
  }
}

const idsOf = ({ runId, threadId, owner }: ReadRun) => ({ ...callerIds(owner), runId, ...(threadId && { threadId }) });
