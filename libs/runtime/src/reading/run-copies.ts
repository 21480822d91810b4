import { Injectable } from '@nestjs/common';
import { READER_RENEW_MS } from '../platform/tunables.js';
import { decodeEntries, type EntryCopy } from '../events/entry.js';
import { EventEngine } from '../events/event-engine.js';
import { instanceChannel, type RunBus, type Unlisten } from '../events/run-bus.js';
import { Logger } from '../platform/logger.js';
import { InstanceId } from '../platform/process-ids.js';
import { type OnError, warnSparingly } from '../platform/sparingly.js';

export type OnCopy = (entry: EntryCopy) => void;

/**
 * Receives the published copies of entries for one API process: a single channel, and a membership in the readers of
 * every run that is followed here. Passes each copy to the followers of its run.
 */
@Injectable()
export class RunCopies {
  private readonly followers = new Map<string, Set<OnCopy>>();
  /** The last join or leave of each run. The next one waits for it: a leave must not overtake a join. */
  private readonly memberships = new Map<string, Promise<void>>();
  private unlisten: Unlisten | undefined;
  private renewal: NodeJS.Timeout | undefined;

  private readonly bus: RunBus;
  private readonly instance: string;
  private readonly onError: OnError;

  constructor(engine: EventEngine, { id }: InstanceId, logger: Logger) {
    this.bus = engine.bus;
    this.instance = id;
    this.onError = warnSparingly(logger, 'cannot renew a reader');
  }

  async start(): Promise<void> {
    this.unlisten = await this.bus.listen(instanceChannel(this.instance), (message) => this.dispatch(message));
    this.renewal = setInterval(() => void this.renew(), READER_RENEW_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.renewal);
    await this.unlisten?.();
  }

  /** Joins the run's readers. Copies arrive from before the returned promise resolves. */
  async follow(runId: string, onCopy: OnCopy): Promise<void> {
    const listeners = this.followers.get(runId);
    if (listeners) listeners.add(onCopy);
    else this.followers.set(runId, new Set([onCopy]));
    await this.inOrder(runId, () => this.bus.join(runId, this.instance));
  }

  /** True when no follower of the run is left in this process. */
  unfollow(runId: string, onCopy: OnCopy, options: { readonly runIsOver?: boolean } = {}): boolean {
    const listeners = this.followers.get(runId);
    if (!listeners?.delete(onCopy) || listeners.size > 0) return false;
    this.followers.delete(runId);
    // The readers of a run that is over are not used any more; the set expires by itself.
    if (options.runIsOver) return true;
    // A failed leave costs the worker a few messages until our membership expires, so it needs no retry.
    this.inOrder(runId, () => this.bus.leave(runId, this.instance)).catch((error: Error) => this.onError(error));
    return true;
  }

  /**
   * Whether another process follows the run. Call it after this one has left: of two that leave at once, the last one finds no
   * other.
   */
  async isFollowedElsewhere(runId: string): Promise<boolean> {
    await this.memberships.get(runId)?.catch(() => undefined);
    const readers = await this.bus.readersOf([runId]);
    return (readers.get(runId) ?? []).some((instance) => instance !== this.instance);
  }

  private dispatch(message: Buffer): void {
    for (const entry of this.decode(message)) {
      for (const onCopy of this.followers.get(entry.runId) ?? []) onCopy(entry);
    }
  }

  /** An invalid message must not end the process; its content is in the log. */
  private decode(message: Buffer): EntryCopy[] {
    try {
      return decodeEntries(message);
    } catch (error) {
      this.onError(error as Error);
      return [];
    }
  }

  private async inOrder(runId: string, change: () => Promise<void>): Promise<void> {
    const changed = (this.memberships.get(runId) ?? Promise.resolve()).then(change, change);
    this.memberships.set(runId, changed);
    try {
      await changed;
    } finally {
      if (this.memberships.get(runId) === changed) this.memberships.delete(runId);
    }
  }

  private async renew(): Promise<void> {
    for (const runId of this.followers.keys()) {
      try {
        await this.inOrder(runId, () => this.bus.join(runId, this.instance));
      } catch (error) {
        this.onError(error as Error);
        return;
      }
    }
  }
}
