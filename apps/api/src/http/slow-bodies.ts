import type { IncomingMessage } from 'node:http';

/** What a body must bring at least in each window: less than any line that people use. */
export const MIN_BYTES = 4 * 1024;
const CHECKS_PER_WINDOW = 6;
/** How many windows a body may take altogether, unless it is a file. */
export const MAX_WINDOWS = 10;

/** A body that is being received. */
interface Receiving {
  readonly isFile: boolean;
  readonly refuse: () => void;
  began: number;
  /** Beginning of the present window. */
  since: number;
  /** What the connection had received by then. */
  bytes: number;
}

/**
 * Ends requests whose bodies do not come. Progress is what counts, and not the time that the whole takes: a large file on a
 * slow line is fine. One timer for all of them; nothing is done for a chunk.
 */
export class SlowBodies {
  private readonly receiving = new Map<IncomingMessage, Receiving>();
  private timer: NodeJS.Timeout | undefined;
  private checkedAt = 0;

  constructor(private readonly windowMs: number) {}

  /** `refuse` is called at most once, when the body is too slow. */
  watch(request: IncomingMessage, { isFile, refuse }: Pick<Receiving, 'isFile' | 'refuse'>): void {
    if (!hasBody(request)) return;
    const now = performance.now();
    this.receiving.set(request, { isFile, refuse, began: now, since: now, bytes: request.socket.bytesRead });
    if (this.timer) return;
    this.checkedAt = now;
    this.timer = setInterval(() => this.check(), this.checkMs).unref();
  }

  private get checkMs(): number {
    return this.windowMs / CHECKS_PER_WINDOW;
  }

  private check(): void {
    const now = performance.now();
    // The time by which a check is late is this process' delay, not the senders'.
    const late = Math.max(0, now - this.checkedAt - this.checkMs);
    this.checkedAt = now;
    for (const [request, state] of this.receiving) {
      state.began += late;
      state.since += late;
      if (request.complete || request.destroyed) this.receiving.delete(request);
      else if (this.isTooSlow(request, state, now)) {
        this.receiving.delete(request);
        state.refuse();
      }
    }
    if (this.receiving.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private isTooSlow(request: IncomingMessage, state: Receiving, now: number): boolean {
    if (!state.isFile && now - state.began > MAX_WINDOWS * this.windowMs) return true;
    const { bytesRead } = request.socket;
    // What has arrived and was not read yet is not the sender's delay but ours.
    if (bytesRead - state.bytes >= MIN_BYTES || request.readableLength > 0) {
      state.since = now;
      state.bytes = bytesRead;
      return false;
    }
    return now - state.since > this.windowMs;
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
