/** Until when a wait is of use, and on whose behalf. */
export interface Reserving {
  /** Whoever waits when it is aborted waits no more, and gets its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Of a run that keeps what it gets while it waits for more. */
  readonly run?: { bytes: number } | undefined;
}

interface Waiting {
  readonly bytes: number;
  readonly run: Reserving['run'];
  readonly begin: () => void;
}

interface Bounds {
  /** Bytes of all together. */
  readonly most: number;
  /** Bytes of one user, who gets more only where that is one reservation. */
  readonly ofOneUser: number;
}

/** Bytes that are held at once, within bounds. Who does not fit waits, the users by turns. */
export class ByteLane {
  private held = 0;
  private readonly heldBy = new Map<string, number>();
  /** In the order of their turns. */
  private readonly waiting = new Map<string, Waiting[]>();

  constructor(private readonly bounds: Bounds) {}

  /** Bytes, and how many reservations wait. */
  get use() {
    const waiting = [...this.waiting.values()].reduce((sum, { length }) => sum + length, 0);
    return { held: this.held, waiting };
  }

  /** Resolves when the bytes may be held; the result gives them back. More than there are come alone. */
  async reserve(owner: string, wanted: number, { signal, run }: Reserving = {}): Promise<() => void> {
    const bytes = Math.min(wanted, this.bounds.most);
    signal?.throwIfAborted();
    await this.turnOf(owner, bytes, { signal, run });
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.add(owner, -bytes, run);
      this.letIn();
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
        this.add(owner, bytes, run);
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

  private add(owner: string, bytes: number, run: Reserving['run']): void {
    this.held += bytes;
    if (run) run.bytes += bytes;
    const own = (this.heldBy.get(owner) ?? 0) + bytes;
    if (own > 0) this.heldBy.set(owner, own);
    else this.heldBy.delete(owner);
  }

  private remove(owner: string, entry: Waiting): void {
    const left = this.waiting.get(owner)?.filter((one) => one !== entry) ?? [];
    if (left.length > 0) this.waiting.set(owner, left);
    else this.waiting.delete(owner);
  }

  /**
   * The next one waits until it fits: smaller ones behind it would keep a large one out for ever. A user who has to wait for
   * bytes of her own keeps nobody waiting.
   */
  private letIn(): void {
    for (const [owner, [next, ...rest]] of this.waiting) {
      if (!next || !this.isWithinShare(owner, next)) continue;
      if (!this.fits(next)) return;
      this.waiting.delete(owner);
      if (rest.length > 0) this.waiting.set(owner, rest);
      next.begin();
    }
  }

  private fits({ bytes }: Waiting): boolean {
    const waiting = [...this.waiting.values()].flat();
    return mayHold({ held: this.held, bytes, most: this.bounds.most }, waiting);
  }

  private isWithinShare(owner: string, { bytes }: Waiting): boolean {
    const held = this.heldBy.get(owner) ?? 0;
    return mayHold({ held, bytes, most: this.bounds.ofOneUser }, this.waiting.get(owner) ?? []);
  }
}

/** Where all that is held is held by runs that wait for more, nothing would ever be given back: one goes beyond the bound. */
function mayHold(
  { held, bytes, most }: { readonly held: number; readonly bytes: number; readonly most: number },
  waiting: readonly Waiting[],
): boolean {
  if (held + bytes <= most) return true;
  const runs = new Set(waiting.flatMap(({ run }) => run ?? []));
  return held <= [...runs].reduce((sum, run) => sum + run.bytes, 0);
}
