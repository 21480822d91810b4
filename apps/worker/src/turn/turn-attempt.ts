import type { Registry } from '#providers';
import type {
  AttachmentFiles,
  Database,
  EventEngine,
  Logger,
  RunExecution,
  RunPublisher,
  RunWriter,
  ThreadStore,
  TitleConfig,
  UsageStore,
} from '#runtime';
import type { TurnMeter } from '../attempt/usage-meter.js';
import type { Assistant } from '../assistants/assistant.js';
import type { Assistants } from '../assistants/assistants.js';
import type { TurnEnd } from '../context/turn-end.js';
import type { GatewaySettings } from '../gateway/answer-completion.js';
import type { Hooks } from '../hooks/hooks.js';
import type { ActiveRun, ActiveRuns } from '../attempt/active-runs.js';
import type { TurnOutput } from '../output/turn-output.js';

/** What it takes to answer turns. */
export interface RunTurnDeps {
  readonly workerId: string;
  readonly db: Database;
  readonly engine: EventEngine;
  readonly lifecycle: RunExecution;
  readonly publisher: RunPublisher;
  readonly active: ActiveRuns;
  readonly registry: Registry;
  readonly assistants: Assistants;
  readonly store: ThreadStore;
  readonly files: Pick<AttachmentFiles, 'read'>;
  readonly usage: Pick<UsageStore, 'book' | 'add'>;
  readonly titles: TitleConfig;
  readonly hooks: Hooks;
  readonly gateway: GatewaySettings;
  /** Show the user what only an operator can mend: the user is the operator. */
  readonly showCauses: boolean;
  readonly logger: Logger;
}

/** One attempt at a turn, while it is being made. */
export interface Turn {
  readonly run: ActiveRun;
  readonly writer: RunWriter;
  readonly output: TurnOutput;
  readonly meter: TurnMeter;
  readonly end: TurnEnd;
  readonly logger: Logger;
  /** Known when the run's row has been read. */
  assistant?: Assistant;
  /** The thread's title, on its way [TH-4]. */
  title?: Promise<string | undefined>;
}
