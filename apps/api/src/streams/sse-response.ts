import type { FastifyReply } from 'fastify';
import { HEARTBEAT } from '#chatkit';
import type { FrameSink } from '#runtime/api';

/** A reader that lags further behind than this is served from the log once it has caught up. */
const MAX_BUFFERED_BYTES = 256 * 1024;

const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};
const CHUNKED = { 'transfer-encoding': 'chunked' };

const CRLF = Buffer.from('\r\n');
const EMPTY = Buffer.alloc(0);

const chunk = (frames: Buffer): Buffer => Buffer.concat([Buffer.from(frames.length.toString(16)), CRLF, frames, CRLF]);

/**
 * A response with server-sent events; nothing else touches the reply of a stream. Frames go to the socket with our own
 * chunk framing, one write per entry: ServerResponse.write makes three of it and costs twice as much
 * (docs/performance.md).
 */
export class SseResponse implements FrameSink {
  private heartbeat: NodeJS.Timeout | undefined;
  private ended = false;
  private corked = false;
  /** HTTP/1.0 knows no chunks: there the end of the connection is the end of the body (RFC 9112, 6.1). */
  private readonly isChunked: boolean;

  /** `heartbeatMs`: time without a frame after which a comment is sent, since proxies close idle connections. */
  constructor(
    private readonly reply: FastifyReply,
    private readonly heartbeatMs: number | undefined,
  ) {
    this.isChunked = reply.raw.req.httpVersion !== '1.0';
  }

  /**
   * Sends status and headers, including those that hooks have set (CORS, request id), which a hijacked reply would lose.
   * `logged` appears on the request's line in the access log.
   */
  open(headers: Readonly<Record<string, string>>, logged: Readonly<Record<string, string>>): void {
    this.reply.hijack();
    this.reply.logged = logged;
    const { raw } = this.reply;
    this.cork();
    const ofHooks = this.reply.getHeaders() as Record<string, string>;
    raw.writeHead(200, { ...ofHooks, ...SSE_HEADERS, ...(this.isChunked && CHUNKED), ...headers });
    raw.flushHeaders();
    // What follows goes to the socket itself, where nothing keeps a body from an answer that must have none.
    if (raw.req.method === 'HEAD') return this.end();
    if (this.heartbeatMs !== undefined) {
      this.heartbeat = setTimeout(() => this.beat(), this.heartbeatMs).unref();
    }
  }

  /** Calls back when the connection closes before the body has ended: the reader closed it, not this process. */
  onAborted(aborted: () => void): void {
    const { raw } = this.reply;
    raw.on('close', () => {
      clearTimeout(this.heartbeat);
      if (!this.ended) aborted();
    });
    // A reset by the reader arrives as an error as well; `close` follows it.
    raw.on('error', () => undefined);
  }

  get isClosed(): boolean {
    return this.reply.raw.destroyed || this.reply.raw.closed;
  }

  write(frames: Buffer): boolean {
    if (this.ended || frames.length === 0 || this.isClosed) return true;
    this.heartbeat?.refresh();
    const { raw } = this.reply;
    const { socket } = raw;
    // A pipelined request has no socket until the answers before it are finished.
    if (!socket) return raw.write(frames);
    this.cork();
    socket.write(this.isChunked ? chunk(frames) : frames);
    return socket.writableLength <= MAX_BUFFERED_BYTES;
  }

  async drained(): Promise<void> {
    const { raw } = this.reply;
    const target = raw.socket ?? raw;
    if (this.isClosed || target.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        target.off('drain', done);
        raw.off('close', done);
        resolve();
      };
      target.on('drain', done);
      raw.on('close', done);
    });
  }

  /** Everything written in one turn of the event loop is sent in one write, head and end included: writes are what costs. */
  private cork(): void {
    const { socket } = this.reply.raw;
    if (this.corked || !socket) return;
    this.corked = true;
    socket.cork();
    setImmediate(() => {
      this.corked = false;
      socket.uncork();
    });
  }

  /** The clean end of the body: for the client, the end of the turn [TR-5]. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.heartbeat);
    this.reply.raw.end(EMPTY);
  }

  /**
   * Closes the connection after what was written, without the end of the body: a client must not take a part of an answer for
   * all of it [TR-5]. HTTP/1.0 has no other end than that, and there the connection is reset.
   */
  interrupt(): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.heartbeat);
    const { raw } = this.reply;
    const { socket } = raw;
    if (!socket) raw.destroy();
    else if (!this.isChunked) socket.resetAndDestroy();
    else socket.destroySoon();
  }

  private beat(): void {
    this.write(Buffer.from(HEARTBEAT));
    this.heartbeat?.refresh();
  }
}
