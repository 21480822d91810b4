import { encodeEvent } from '#chatkit';

/** A reader whose run nobody has begun yet. */
export interface Waiting {
  readonly runId: string;
  /** The run has said something: what is shown from now on is its own. */
  hasBegun(): boolean;
  show(frames: Buffer): void;
}

interface Place {
  readonly waiting: Waiting;
  dueAt: number;
  shown: number | undefined;
}

/** How long a reader waits before it is told its place, and between two words about it. */
const TELL_AFTER_MS = 2_000;
const LOOK_MS = 1_000;

/**
 * Tells readers of runs that wait, for their thread, for a limit or for a worker, how many are before them: a status
 * line of this reader alone, in no log (EV-9, PS-8). One question to Postgres for all that are due.
 */
export class WaitingLine {
  private readonly places = new Set<Place>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(
    private readonly positionsOf: (runIds: readonly string[]) => Promise<ReadonlyMap<string, number>>,
    private readonly onError: (error: Error) => void,
  ) {}

  /** The returned function ends it; so does the run's first word. */
  add(waiting: Waiting): () => void {
    const place: Place = { waiting, dueAt: performance.now() + TELL_AFTER_MS, shown: undefined };
    this.places.add(place);
    this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
    return () => this.leave(place);
  }

  private leave(place: Place): void {
    this.places.delete(place);
    if (this.places.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    if (this.looking) return;
    this.looking = true;
    this.tellAll()
      .catch(this.onError)
      .finally(() => (this.looking = false));
  }

  private async tellAll(): Promise<void> {
    for (const place of this.places) if (place.waiting.hasBegun()) this.leave(place);
    const now = performance.now();
    const due = [...this.places].filter(({ dueAt }) => dueAt <= now);
    if (due.length === 0) return;
    const positions = await this.positionsOf(due.map(({ waiting }) => waiting.runId));
    for (const place of due) {
      place.dueAt = now + TELL_AFTER_MS;
      if (this.places.has(place)) tell(place, positions.get(place.waiting.runId));
    }
  }
}

/** Without a position the run is a worker's by now: the line disappears. */
function tell(place: Place, position: number | undefined): void {
  if (place.waiting.hasBegun() || place.shown === position) return;
  place.shown = position;
  const text = position === undefined ? '' : `You are number ${position} in line.`;
  place.waiting.show(Buffer.from(encodeEvent({ type: 'progress_update', text })));
}
