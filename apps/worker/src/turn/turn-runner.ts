import { runTurn } from './run-turn.js';
import type { RunTurnDeps } from './turn-attempt.js';

/** `runTurn` with this worker's dependencies, to be injected. */
export class TurnRunner {
  constructor(private readonly deps: RunTurnDeps) {}

  run(job: { readonly runId: string; readonly fence: number }): Promise<void> {
    return runTurn(this.deps, job);
  }
}
