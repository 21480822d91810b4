import { Injectable } from '@nestjs/common';
import { encodeEvent } from '#chatkit';
import { Logger } from '#runtime';
import { RunAdmission } from '#runtime/api';

/** A reader whose run no worker has begun yet. */
export interface Waiting {
  readonly runId: string;
  /** The run has produced events: only they are shown from now on. */
  hasBegun(): boolean;
  show(frames: Buffer): void;
}

interface Entry {
  readonly waiting: Waiting;
  dueAt: number;
  shown: number | undefined;
}

/** How long a reader waits before it is shown its position, and between two updates. */
const SHOW_AFTER_MS = 2_000;
const CHECK_MS = 1_000;

/**
 * Shows readers of runs that wait, for their thread, for a limit or for a worker, how many are before them: a status line
 * for this reader alone, in no log [EV-9] [PS-8]. One query for all that are due.
 */
@Injectable()
export class WaitingLine {
  private readonly entries = new Set<Entry>();
  private timer: NodeJS.Timeout | undefined;
  private checking = false;

  constructor(
    private readonly runs: RunAdmission,
    private readonly logger: Logger,
  ) {}

  /** The returned function ends it; so does the run's first event. */
  add(waiting: Waiting): () => void {
    const entry: Entry = { waiting, dueAt: performance.now() + SHOW_AFTER_MS, shown: undefined };
    this.entries.add(entry);
    this.timer ??= setInterval(() => this.check(), CHECK_MS).unref();
    return () => this.leave(entry);
  }

  private leave(entry: Entry): void {
    this.entries.delete(entry);
    if (this.entries.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private check(): void {
    if (this.checking) return;
    this.checking = true;
    this.showPositions()
      .catch((error: Error) => this.logger.warn({ err: error }, 'cannot show positions in line'))
      .finally(() => (this.checking = false));
  }

  private async showPositions(): Promise<void> {
    for (const entry of this.entries) if (entry.waiting.hasBegun()) this.leave(entry);
    const now = performance.now();
    const due = [...this.entries].filter(({ dueAt }) => dueAt <= now);
    if (due.length === 0) return;
    const positions = await this.runs.queuePositions(due.map(({ waiting }) => waiting.runId));
    for (const entry of due) {
      entry.dueAt = now + SHOW_AFTER_MS;
      if (this.entries.has(entry)) show(entry, positions.get(entry.waiting.runId));
    }
  }
}

/** A run without a position has been claimed by now: the line disappears. */
function show(entry: Entry, position: number | undefined): void {
  if (entry.waiting.hasBegun() || entry.shown === position) return;
  entry.shown = position;
  const text = position === undefined ? '' : `You are number ${position} in line.`;
  entry.waiting.show(Buffer.from(encodeEvent({ type: 'progress_update', text })));
}
