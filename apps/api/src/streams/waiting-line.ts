import { Injectable } from '@nestjs/common';
import { encodeEvent } from '#chatkit';
import { Logger, type OnError, warnSparingly } from '#runtime';
import { RunAdmission } from '#runtime/api';
import { ApiConfig } from '../config.js';
import { WorkerWatch } from '../models/worker-watch.js';
import { lineTexts } from './line-text.js';

/** A reader whose run no worker has begun yet. */
export interface Waiting {
  readonly runId: string;
  /** Its `Accept-Language` header. */
  readonly languages: string | undefined;
  /** The run has produced events: only they are shown from now on. */
  hasBegun(): boolean;
  show(frames: Buffer): void;
}

interface Entry {
  readonly waiting: Waiting;
  dueAt: number;
  /** Empty: no line. */
  shown: string;
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
  private readonly onError: OnError;

  constructor(
    private readonly runs: RunAdmission,
    private readonly workers: WorkerWatch,
    private readonly config: ApiConfig,
    logger: Logger,
  ) {
    this.onError = warnSparingly(logger, 'cannot show positions in line');
  }

  /** The returned function ends it; so does the run's first event. */
  add(waiting: Waiting): () => void {
    const entry: Entry = { waiting, dueAt: performance.now() + SHOW_AFTER_MS, shown: '' };
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
      .catch((error: Error) => this.onError(error))
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
      if (this.entries.has(entry)) show(entry, this.words(entry.waiting, positions));
    }
  }

  /** A run without a position has been claimed by now: the line disappears. */
  private words({ runId, languages }: Waiting, positions: ReadonlyMap<string, number>): string {
    const position = positions.get(runId);
    if (position === undefined) return '';
    const { place, nobody, noWorker } = lineTexts(languages);
    if (this.workers.isServed) return place(position);
    return this.config.isSingleUser ? noWorker : nobody;
  }
}

function show(entry: Entry, text: string): void {
  if (entry.waiting.hasBegun() || entry.shown === text) return;
  entry.shown = text;
  entry.waiting.show(Buffer.from(encodeEvent({ type: 'progress_update', text })));
}
