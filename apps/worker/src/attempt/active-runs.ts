import { Injectable } from '@nestjs/common';
import type { Claim } from '#runtime/worker';
import type { StopReason } from './stop-reason.js';

/** A run that this worker holds, and the way to end its work. */
export interface ActiveRun {
  readonly claim: Claim;
  readonly signal: AbortSignal;
  /** Whether this worker has ended its work on the run: what code that was left behind still writes comes too late. */
  readonly isOver: boolean;
  /** Of its answer, as far as it has come. */
  readonly firstTokenAt: Date | undefined;
  stop(reason: StopReason): void;
  /** Does this when the worker has ended its work on the run; at once, if it has. */
  whenOver(work: () => void): void;
}

/** The runs that this worker holds: the beat renews them, the control channel stops them, a shutdown hands them over. */
@Injectable()
export class ActiveRuns {
  private readonly runs = new Map<string, HeldRun>();
  /** Jobs in progress: assistant calls, and runs whether or not they are claimed yet. */
  private jobs = 0;
  private stopAllReason: StopReason | undefined;
  private whenIdle: (() => void) | undefined;

  /** Does the work of a job, of a run or an assistant call. Until it is over the worker is not idle. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.jobs++;
    try {
      return await work();
    } finally {
      this.jobs--;
      if (this.jobs === 0) this.whenIdle?.();
    }
  }

  /** How many jobs are in progress: answers, and calls of assistants. */
  get underWay(): number {
    return this.jobs;
  }

  /** `runMs`: how long the run may take from its first claim; it is stopped when that is over. */
  begin(claim: Claim, runMs: number, firstTokenAt: () => Date | undefined): ActiveRun {
    const run = new HeldRun(claim, Math.max(0, runMs - claim.ranMs), firstTokenAt);
    this.runs.set(claim.runId, run);
    if (claim.stopRequested) run.stop('cancelled');
    if (this.stopAllReason) run.stop(this.stopAllReason);
    return run;
  }

  end(run: ActiveRun): void {
    if (run instanceof HeldRun) run.end();
    if (this.runs.get(run.claim.runId) === run) this.runs.delete(run.claim.runId);
  }

  /** Stops the runs that are held, and any that is claimed from now on. */
  stopAll(reason: StopReason): void {
    this.stopAllReason = reason;
    for (const run of this.runs.values()) run.stop(reason);
  }

  get(runId: string): ActiveRun | undefined {
    return this.runs.get(runId);
  }

  get count(): number {
    return this.runs.size;
  }

  all(): ActiveRun[] {
    return [...this.runs.values()];
  }

  /** Resolves when no job is under way any more, or with false after `waitMs`. */
  async idle(waitMs: number): Promise<boolean> {
    if (this.jobs === 0) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), waitMs);
      this.whenIdle = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

class HeldRun implements ActiveRun {
  isOver = false;
  private readonly controller = new AbortController();
  private readonly atEnd: (() => void)[] = [];
  private readonly deadline: NodeJS.Timeout;

  constructor(
    readonly claim: Claim,
    leftMs: number,
    private readonly firstToken: () => Date | undefined,
  ) {
    this.deadline = setTimeout(() => this.stop('deadline'), leftMs);
  }

  get firstTokenAt(): Date | undefined {
    return this.firstToken();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The first reason stays: a stop request that meets a lost lease must not write. */
  stop(reason: StopReason): void {
    if (!this.signal.aborted) this.controller.abort(reason);
  }

  whenOver(work: () => void): void {
    if (this.isOver) work();
    else this.atEnd.push(work);
  }

  end(): void {
    this.isOver = true;
    clearTimeout(this.deadline);
    for (const work of this.atEnd.splice(0)) work();
  }
}
