import { runTurn, type RunTurnDeps } from './run-turn.js';

/** `runTurn` with this worker's dependencies, to be injected. */
export class TurnRunner {
  constructor(private readonly deps: RunTurnDeps) {}

  run(job: { readonly runId: string; readonly fence: number }): Promise<void> {
    return runTurn(this.deps, job);
  }
}
