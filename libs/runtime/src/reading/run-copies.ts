import { Injectable } from '@nestjs/common';
import { READER_RENEW_MS } from '../platform/tunables.js';
import { decodeEntries, type Heard } from '../events/entry.js';
import { EventEngine } from '../events/event-engine.js';
import { instanceChannel, type RunBus, type Unlisten } from '../events/run-bus.js';
import { Logger } from '../platform/logger.js';
import { InstanceId } from '../platform/process-ids.js';

export type HearEntry = (entry: Heard) => void;

/**
 * One API process's ear: a single channel, and its place among the readers of every run that somebody follows here.
 * Hands each copy to the followers of its run.
 */
@Injectable()
export class RunCopies {
  private readonly followers = new Map<string, Set<HearEntry>>();
  /** The last word to the bus about each run. The next one waits for it: a join must not be overtaken by a leave. */
  private readonly words = new Map<string, Promise<void>>();
  private unlisten: Unlisten | undefined;
  private renewal: NodeJS.Timeout | undefined;

  private readonly bus: RunBus;
  private readonly instance: string;

  constructor(
    engine: EventEngine,
    { id }: InstanceId,
    private readonly logger: Logger,
  ) {
    this.bus = engine.bus;
    this.instance = id;
  }

  async start(): Promise<void> {
    this.unlisten = await this.bus.listen(instanceChannel(this.instance), (message) => this.dispatch(message));
    this.renewal = setInterval(() => void this.renew(), READER_RENEW_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.renewal);
    await this.unlisten?.();
  }

  /** Joins the run's readers. Copies are heard from before the returned promise resolves. */
  async follow(runId: string, hear: HearEntry): Promise<void> {
    const hearers = this.followers.get(runId);
    if (hearers) hearers.add(hear);
    else this.followers.set(runId, new Set([hear]));
    await this.say(runId, () => this.bus.join(runId, this.instance));
  }

  /** True when nobody in this process follows the run any more. */
  unfollow(runId: string, hear: HearEntry, options: { readonly runIsOver?: boolean } = {}): boolean {
    const hearers = this.followers.get(runId);
    if (!hearers?.delete(hear) || hearers.size > 0) return false;
    this.followers.delete(runId);
    // Nobody asks for the readers of a run that is over; the set expires by itself.
    if (options.runIsOver) return true;
    // Forgetting to leave costs the worker a few messages until our place expires, so a failure needs no retry.
    this.say(runId, () => this.bus.leave(runId, this.instance)).catch((error: Error) => this.onError(error));
    return true;
  }

  /** Whether another process follows the run. Asked after this one has left: of two that leave at once, the last one knows. */
  async isFollowedElsewhere(runId: string): Promise<boolean> {
    await this.words.get(runId)?.catch(() => undefined);
    const readers = await this.bus.readersOf([runId]);
    return (readers.get(runId) ?? []).some((instance) => instance !== this.instance);
  }

  private dispatch(message: Buffer): void {
    for (const entry of this.decode(message)) {
      for (const hear of this.followers.get(entry.runId) ?? []) hear(entry);
    }
  }

  /** Whatever arrives on a channel must not end the process; what was in it is in the log. */
  private decode(message: Buffer): Heard[] {
    try {
      return decodeEntries(message);
    } catch (error) {
      this.onError(error as Error);
      return [];
    }
  }

  private onError(error: Error): void {
    this.logger.warn({ err: error }, 'cannot renew a reader');
  }

  private async say(runId: string, word: () => Promise<void>): Promise<void> {
    const said = (this.words.get(runId) ?? Promise.resolve()).then(word, word);
    this.words.set(runId, said);
    try {
      await said;
    } finally {
      if (this.words.get(runId) === said) this.words.delete(runId);
    }
  }

  private async renew(): Promise<void> {
    for (const runId of this.followers.keys()) {
      try {
        await this.say(runId, () => this.bus.join(runId, this.instance));
      } catch (error) {
        this.onError(error as Error);
        return;
      }
    }
  }
}
