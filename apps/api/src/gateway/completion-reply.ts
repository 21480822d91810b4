import type { FastifyReply } from 'fastify';
import { HEARTBEAT } from '#chatkit';
import {
  ANSWER_LOST,
  decodeGatewayError,
  decodeGatewayWarnings,
  encodeGatewayError,
  type GatewayError,
  gatewayErrorOf,
  toErrorBody,
} from '#runtime';
import type { FrameSink, Place } from '#runtime/api';
import { SseResponse } from '../streams/sse-response.js';

/** A stream without a frame by then is opened all the same: proxies and callers must see that the server is at work. */
const HOLD_MS = 10_000;
/** For a refusal that may succeed later, if the provider does not name a time. */
const RETRY_AFTER_SECONDS = 2;

const INTERRUPTED = gatewayErrorOf('run.interrupted', undefined, false);

/**
 * The answer to a completion request. The head is held back until the first frame, because a failure before it is an HTTP
 * status; after it, frames go to the socket as they are. An answer of which the caller has a part is never started again.
 */
export class CompletionReply implements FrameSink {
  private readonly sse: SseResponse;
  private readonly logged: Readonly<Record<string, string>>;
  private phase: 'held' | 'open' | 'over' = 'held';
  /** The fence of the attempt of which the caller has a part. */
  private shownFence: number | undefined;
  private holding: NodeJS.Timeout | undefined;
  private leave: () => void = () => undefined;

  /** Resolves when nothing more will be sent, for whatever reason. */
  readonly over = new Promise<void>((resolve) => (this.leave = resolve));

  constructor(
    private readonly reply: FastifyReply,
    runId: string,
    private readonly isStream: boolean,
    heartbeatMs: number | undefined,
  ) {
    this.sse = new SseResponse(reply, heartbeatMs);
    this.logged = { runId };
    reply.logged = this.logged;
    void reply.header('chatkit-run-id', runId);
    reply.raw.on('close', () => this.finish());
    // A reset by the caller arrives as an error as well; `close` follows it.
    reply.raw.on('error', () => undefined);
    if (reply.raw.destroyed) this.finish();
    else if (isStream) this.holding = setTimeout(() => this.begin(HEARTBEAT), HOLD_MS).unref();
  }

  get isOver(): boolean {
    return this.phase === 'over';
  }

  write(given: Buffer, { fence }: Pick<Place, 'fence'> = { fence: 0 }): boolean {
    if (this.phase === 'over' || given.length === 0) return true;
    let frames = given;
    if (this.shownFence !== undefined && fence > this.shownFence) {
      this.fail(INTERRUPTED);
      return true;
    }
    if (this.shownFence === undefined) {
      const error = decodeGatewayError(frames);
      if (error) {
        this.fail(error);
        return true;
      }
      this.shownFence = fence;
      frames = this.withoutWarnings(given);
    }
    if (!this.isStream) {
      this.finish();
      void this.reply.status(200).header('content-type', 'application/json; charset=utf-8').send(Buffer.from(frames));
      return true;
    }
    this.begin();
    return this.sse.write(frames);
  }

  /** Warnings are a header, as long as the head is held back. */
  private withoutWarnings(frames: Buffer): Buffer {
    const { warnings, rest } = decodeGatewayWarnings(frames);
    if (warnings !== undefined && this.phase === 'held') void this.reply.header('chatkit-warnings', warnings);
    return rest;
  }

  drained(): Promise<void> {
    return this.sse.drained();
  }

  /** Nothing was admitted: the error filter answers. */
  withdraw(): void {
    this.finish();
  }

  /** This process stops: the caller gets an error, as the status or behind what it has. */
  interrupt(): void {
    if (this.phase !== 'over') this.fail(INTERRUPTED);
  }

  /** The run has ended, and all its frames have been written. */
  end(): void {
    if (this.phase === 'over') return;
    if (this.phase === 'held' || this.shownFence === undefined) this.fail(ANSWER_LOST);
    else {
      this.finish();
      this.sse.end();
    }
  }

  private fail(error: GatewayError): void {
    const wasHeld = this.phase === 'held';
    if (wasHeld) {
      this.finish();
      this.refuse(error);
    } else {
      this.sse.write(Buffer.from(encodeGatewayError(error)));
      this.finish();
      this.sse.end();
    }
  }

  private refuse(error: GatewayError): void {
    const { status, retryAfterSeconds } = error;
    const wait = retryAfterSeconds ?? (status === 429 || status === 503 ? RETRY_AFTER_SECONDS : undefined);
    if (wait !== undefined) void this.reply.header('retry-after', String(wait));
    void this.reply.status(status).send(toErrorBody(error));
  }

  private begin(first?: string): void {
    if (this.phase !== 'held') return;
    clearTimeout(this.holding);
    this.phase = 'open';
    // Sets the heartbeat, too, which ends with the connection.
    this.sse.onAborted(() => undefined);
    this.sse.open({}, this.logged);
    if (first) this.sse.write(Buffer.from(first));
  }

  private finish(): void {
    clearTimeout(this.holding);
    this.phase = 'over';
    this.leave();
  }
}
