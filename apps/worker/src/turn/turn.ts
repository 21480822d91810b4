import type { ModelRef, Registry } from '#providers';
import type { Database, EventEngine, Logger, RunLifecycle, RunPublisher, RunWriter } from '#runtime';
import type { ActiveRun, ActiveRuns } from '../runs/active-runs.js';
import type { Answer } from './answer.js';

/** What it takes to answer turns. */
export interface RunTurnDeps {
  readonly workerId: string;
  readonly db: Database;
  readonly engine: EventEngine;
  readonly lifecycle: RunLifecycle;
  readonly publisher: RunPublisher;
  readonly active: ActiveRuns;
  readonly registry: Registry;
  /** Show the user what only an operator can mend: the user is the operator. */
  readonly showCauses: boolean;
  readonly logger: Logger;
}

/** One attempt at a turn, while it is being made. */
export interface Turn {
  readonly run: ActiveRun;
  readonly writer: RunWriter;
  readonly answer: Answer;
  readonly logger: Logger;
  /** The model that answers, once it is known. */
  model?: ModelRef;
}
