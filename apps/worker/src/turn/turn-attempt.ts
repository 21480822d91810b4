import type { ThreadItem } from '#chatkit';
import type { Registry } from '#providers';
import type { Assistant } from '../assistants/assistant.js';
import type { RunAttempt } from '../attempt/run-attempt.js';
import type { TurnEnd } from '../context/turn-end.js';
import type { TurnOutput } from '../output/turn-output.js';

/** One worker's try at a turn, while it is being made. */
export interface TurnAttempt extends RunAttempt {
  readonly output: TurnOutput;
  readonly end: TurnEnd;
  /** What the turn asks, the operator's hooks around it. There is none until the keys of its tenant are loaded. */
  models: Pick<Registry, 'resolve'>;
  /** Known as soon as the run's assistant has been found. */
  assistant?: Assistant;
  /** The history, as soon as it has been read. */
  items?: readonly ThreadItem[];
  /** The thread's title while it is being made [TH-4]. */
  title?: Promise<string | undefined>;
}
