import type { EventEngine, FollowDeps, Logger, RunAdmission } from '#runtime';
import type { OpenStreams } from '../streams/open-streams.js';
import type { StopsUnderWay } from '../streams/stops-under-way.js';
import type { ToTurnDeps } from './to-turn.js';
import type { WaitingLine } from './waiting-line.js';

/** What it takes to start a turn and to show it to whoever asked for it. */
export interface TurnDeps extends ToTurnDeps {
  readonly engine: EventEngine;
  readonly lifecycle: RunAdmission;
  readonly follow: FollowDeps;
  readonly streams: OpenStreams;
  readonly stops: StopsUnderWay;
  readonly line: WaitingLine;
  readonly logger: Logger;
}
