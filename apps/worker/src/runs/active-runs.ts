import type { Claim } from '#runtime';
import type { StopReason } from '../turn/stop-reason.js';

/** A run that this worker holds, and the way to end its work. */
export interface ActiveRun {
  readonly claim: Claim;
  readonly signal: AbortSignal;
  stop(reason: StopReason): void;
}

/** What this worker holds right now: the beat renews it, the control channel stops it, a shutdown hands it over. */
export class ActiveRuns {
  private readonly runs = new Map<string, ActiveRun>();
  private whenIdle: (() => void) | undefined;

  begin(claim: Claim): ActiveRun {
    const controller = new AbortController();
    const run: ActiveRun = {
      claim,
      signal: controller.signal,
      // The first reason stands: a stop that meets a lost lease must not write.
      stop: (reason) => {
        if (!controller.signal.aborted) controller.abort(reason);
      },
    };
    this.runs.set(claim.runId, run);
    if (claim.stopRequested) run.stop('cancelled');
    return run;
  }

  end(run: ActiveRun): void {
    if (this.runs.get(run.claim.runId) === run) this.runs.delete(run.claim.runId);
    if (this.runs.size === 0) this.whenIdle?.();
  }

  get(runId: string): ActiveRun | undefined {
    return this.runs.get(runId);
  }

  all(): ActiveRun[] {
    return [...this.runs.values()];
  }

  /** Resolves when nothing is held any more, or after `waitMs`. */
  async idle(waitMs: number): Promise<void> {
    if (this.runs.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.whenIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
