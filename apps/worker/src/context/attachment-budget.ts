import { Injectable } from '@nestjs/common';
import { WorkerSettings } from '../worker-settings.js';

/** What the code of one run has read, and may hold until the run is over. */
export interface RunFiles {
  /** Resolves when so many bytes more may be held. */
  hold(bytes: number): Promise<void>;
  /** The run is over. */
  release(): void;
}

/** Who reserves, and until when that is of use. */
export interface Reserving {
  /** Whoever waits when it is aborted waits no more, and gets its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Of a run that keeps what it gets while it waits for more. */
  readonly run?: { bytes: number };
}

interface Waiting {
  readonly bytes: number;
  readonly run: Reserving['run'];
  readonly begin: () => void;
}

/**
 * How many bytes of attachments this process may hold at once. Who does not fit waits, the users by turns: however many files one
 * of them sends, another one is next. A turn without attachments never waits.
 */
@Injectable()
export class AttachmentBudget {
  private readonly most: number;
  private held = 0;
  /** In the order of their turns. */
  private readonly waiting = new Map<string, Waiting[]>();

  constructor({ attachmentBytes }: WorkerSettings) {
    this.most = attachmentBytes;
  }

  /** Bytes, and how many reservations wait. */
  get use() {
    const waiting = [...this.waiting.values()].reduce((sum, { length }) => sum + length, 0);
    return { held: this.held, most: this.most, waiting };
  }

  /** Resolves when the bytes may be held; the result gives them back. More than there are come alone. */
  async reserve(owner: string, wanted: number, { signal, run }: Reserving = {}): Promise<() => void> {
    const bytes = Math.min(wanted, this.most);
    signal?.throwIfAborted();
    await this.turnOf(owner, bytes, { signal, run });
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.held -= bytes;
      if (run) run.bytes -= bytes;
      this.letIn();
    };
  }

  /** For code that nobody sees letting go of what it has read: that is given back when its run is over. */
  forRun(owner: string, signal: AbortSignal): RunFiles {
    const run = { bytes: 0 };
    const releases: (() => void)[] = [];
    let isOver = false;
    return {
      hold: async (bytes) => {
        const release = await this.reserve(owner, bytes, { signal, run });
        if (isOver) release();
        else releases.push(release);
      },
      release: () => {
        isOver = true;
        for (const release of releases.splice(0)) release();
      },
    };
  }

  private turnOf(owner: string, bytes: number, { signal, run }: Reserving): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.remove(owner, entry);
        reject(signal?.reason);
        this.letIn();
      };
      const begin = (): void => {
        signal?.removeEventListener('abort', leave);
        this.held += bytes;
        if (run) run.bytes += bytes;
        resolve();
      };
      const entry: Waiting = { bytes, run, begin };
      signal?.addEventListener('abort', leave, { once: true });
      const own = this.waiting.get(owner);
      if (own) own.push(entry);
      else this.waiting.set(owner, [entry]);
      this.letIn();
    });
  }

  private remove(owner: string, entry: Waiting): void {
    const left = this.waiting.get(owner)?.filter((one) => one !== entry) ?? [];
    if (left.length > 0) this.waiting.set(owner, left);
    else this.waiting.delete(owner);
  }

  /** The next one waits until it fits: smaller ones behind it would keep a large one out for ever. */
  private letIn(): void {
    for (const [owner, [next, ...rest]] of this.waiting) {
      if (!next || !this.mayBegin(next)) return;
      this.waiting.delete(owner);
      if (rest.length > 0) this.waiting.set(owner, rest);
      next.begin();
    }
  }

  /** Where all that is held is held by runs that wait for more, nothing would ever be given back: one goes beyond the bound. */
  private mayBegin({ bytes }: Waiting): boolean {
    return this.held + bytes <= this.most || this.held <= this.heldByWaiting();
  }

  private heldByWaiting(): number {
    const runs = new Set([...this.waiting.values()].flat().flatMap(({ run }) => run ?? []));
    return [...runs].reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
