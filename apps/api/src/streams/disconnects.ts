import { Injectable } from '@nestjs/common';
import { Logger } from '#runtime';
import { RunCopies, type RunFollower, RunAdmission } from '#runtime/api';
import { onDisconnect } from './disconnect-policy.js';
import { OpenStreams } from './open-streams.js';
import { PendingStops } from './pending-stops.js';

/** Carries out what `onDisconnect` decides when a client's socket closes before its stream has ended. */
@Injectable()
export class Disconnects {
  constructor(
    private readonly copies: RunCopies,
    private readonly runs: RunAdmission,
    private readonly streams: OpenStreams,
    private readonly stops: PendingStops,
    private readonly logger: Logger,
  ) {}

  /** The reader of a turn is gone; `isShim`: its request announced the fetch shim. */
  readerLeft(
    { runId, threadId }: { readonly runId: string; readonly threadId: string },
    follower: RunFollower,
    { isShim: announcedShim }: { readonly isShim: boolean },
  ): void {
    const isLastHere = follower.stop();
    const facts = { announcedShim, serverStops: this.streams.stopping };
    // The other processes are asked only where this reader may have been the last one.
    if (onDisconnect({ ...facts, wasLastReader: isLastHere }) === 'detach') return;
    const asked = this.stopUnlessFollowed(runId, facts);
    this.stops.add(threadId, asked);
    asked.catch((error: Error) => this.logger.error({ err: error, runId }, 'cannot ask for a stop'));
  }

  /** The caller of a completion is gone. Nobody can follow it again, so that the model would work for nothing. */
  callerLeft(runId: string): void {
    this.stop(runId).catch((error: Error) => this.logger.error({ err: error, runId }, 'cannot ask for a stop'));
  }

  private async stopUnlessFollowed(
    runId: string,
    facts: { readonly announcedShim: boolean; readonly serverStops: boolean },
  ): Promise<void> {
    const wasLastReader = !(await this.copies.isFollowedElsewhere(runId).catch(() => false));
    if (onDisconnect({ ...facts, wasLastReader }) === 'stop') await this.stop(runId);
  }

  private async stop(runId: string): Promise<void> {
    const { met } = await this.runs.requestStop(runId);
    this.logger.info({ runId, met }, 'the reader left: stop asked for');
  }
}
