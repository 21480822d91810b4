import { READER_RENEW_MS } from '../runs/tunables.js';
import { decodeEntries, type Heard } from './entry.js';
import { instanceChannel, type RunBus, type Unlisten } from './run-bus.js';

export type HearEntry = (entry: Heard) => void;

/**
 * One API process's ear: a single channel, and its place among the readers of every run that somebody follows here.
 * Hands each copy to the followers of its run.
 */
export class RunCopies {
  private readonly followers = new Map<string, Set<HearEntry>>();
  private unlisten: Unlisten | undefined;
  private renewal: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: RunBus,
    private readonly instance: string,
    private readonly onError: (error: Error) => void,
  ) {}

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
    if (hearers) {
      hearers.add(hear);
      return;
    }
    this.followers.set(runId, new Set([hear]));
    await this.bus.join(runId, this.instance);
  }

  /** True when nobody in this process follows the run any more. */
  unfollow(runId: string, hear: HearEntry): boolean {
    const hearers = this.followers.get(runId);
    if (!hearers?.delete(hear) || hearers.size > 0) return false;
    this.followers.delete(runId);
    // Forgetting to leave costs the worker a few messages until our place expires, so a failure needs no retry.
    this.bus.leave(runId, this.instance).catch(this.onError);
    return true;
  }

  private dispatch(message: Buffer): void {
    for (const entry of decodeEntries(message)) {
      for (const hear of this.followers.get(entry.runId) ?? []) hear(entry);
    }
  }

  private async renew(): Promise<void> {
    for (const runId of this.followers.keys()) {
      try {
        await this.bus.join(runId, this.instance);
      } catch (error) {
        this.onError(error as Error);
        return;
      }
    }
  }
}
