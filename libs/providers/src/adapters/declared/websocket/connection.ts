import type { Socket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import { networkFailure } from '../../../http/network-failure.js';
import { through } from '../../../http/proxy-agent.js';
import { ProviderError, type ProviderErrorInit } from '../../../spec/provider-error.js';
import { type FailureContext, httpFailure, streamFailure } from '../../../wire/errors.js';
import { keysSeen } from '../response-path.js';
import type { Mark } from './response-config.js';
import { ConnectionLost, lostConnection } from './connection-failure.js';
import type { Exchange } from './exchange.js';
import type { MessageKinds } from './message-kinds.js';
import { type Endpoint, openSocket } from './open-socket.js';

/** Where to, and what is spoken there. */
export interface Line extends Endpoint {
  readonly auth:
    { readonly message?: unknown; readonly ready?: Mark | undefined; readonly refused?: Mark | undefined } | undefined;
  readonly kinds: MessageKinds;
  readonly frames: 'json' | 'text';
  /** Any number of answers at once, distinguished by an id. */
  readonly shared: boolean;
  /** The message that ends an answer, if there is one. */
  readonly cancel: ((requestId: string) => unknown) | undefined;
  /** How long a connection may take until it may be used. */
  readonly connectMs: number;
  readonly pingMs: number;
  readonly context: FailureContext;
}

/** How long a server may take to end an answer that was cancelled before its connection is given up. */
const CANCEL_MS = 1_000;

const NORMAL = 1000;
/** Closed without a reason. */
const ABNORMAL = 1006;

/** One connection: opened at once, let in, then asked. */
export class Connection {
  /** Settles when it may be used. @throws ProviderError */
  readonly ready: Promise<void>;
  #settle: { readonly resolve: () => void; readonly reject: (error: ProviderError) => void } | undefined;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #used = false;
  #alive = true;
  #stream: Socket | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #socket: WebSocket;
  /** Ends what is being connected. */
  readonly #attempt = new AbortController();
  readonly #limit: NodeJS.Timeout;

  /**
   * @param changed is called when it may be used, has room again or has gone
   * @throws ProviderError for what cannot be sent at all
   */
  constructor(
    private readonly line: Line,
    private readonly changed: (connection: Connection) => void,
  ) {
    this.#socket = this.#open();
    this.#limit = setTimeout(() => this.#end(this.#late()), line.connectMs);
    this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Its waiters get the failure; there may be none.
    this.ready.catch(() => undefined);
  }

  get opening(): boolean {
    return this.#state === 'opening';
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** It was asked before. */
  get used(): boolean {
    return this.#used;
  }

  get idle(): boolean {
    return this.#exchanges.size === 0;
  }

  get hasRoom(): boolean {
    const open = this.#state === 'open' && this.#socket.readyState === WebSocket.OPEN;
    return open && (this.line.shared || this.idle);
  }

  /** Asks for an answer; its messages go to the exchange. */
  ask(exchange: Exchange, request: unknown): void {
    this.#used = true;
    this.#exchanges.set(exchange.id, exchange);
    this.#stream?.ref();
    this.#send(request);
  }

  /** The answer is no longer read. `complete`: it has ended; otherwise the server is asked to stop, at once. */
  leave(exchange: Exchange, complete: boolean): void {
    const { id } = exchange;
    if (!this.#exchanges.has(id)) return;
    if (complete) return this.#free(id);
    exchange.abandon();
    const { cancel, shared } = this.line;
    if (cancel) {
      this.#send(cancel(id));
      if (shared) return this.#free(id);
      // What is under way of it still comes, and must not be taken for the next answer.
      setTimeout(() => this.#exchanges.get(id) === exchange && this.terminate(), CANCEL_MS).unref();
    } else if (this.#exchanges.size > 1) this.#free(id);
    else this.terminate();
  }

  /** An idle connection keeps no process alive. */
  unref(): void {
    this.#stream?.unref();
  }

  /** Says goodbye. */
  close(): void {
    this.#end(new ConnectionLost(NORMAL, ''), () => this.#socket.close(NORMAL));
  }

  terminate(): void {
    this.#end(new ConnectionLost(ABNORMAL, 'given up'));
  }

  #open(): WebSocket {
    const { line } = this;
    try {
      const socket = openSocket(line, this.#attempt.signal, (refusal) =>
        this.#end(httpFailure(line.context, refusal, Date.now())),
      );
      socket.on('upgrade', (response) => (this.#stream = response.socket));
      socket.on('open', () => this.#opened());
      socket.on('message', (data) => this.#receive(data));
      socket.on('pong', () => (this.#alive = true));
      socket.on('error', (error) => this.#end(this.#broken(error)));
      socket.on('close', (status, reason) => this.#end(new ConnectionLost(status, reason.toString())));
      return socket;
    } catch (error) {
      throw networkFailure(error, { ...line.context, started: false });
    }
  }

  #opened(): void {
    const { auth, pingMs } = this.line;
    this.#heartbeat = setInterval(() => this.#beat(), pingMs).unref();
    if (!auth) return this.#enter();
    if (auth.message !== undefined) this.#send(auth.message);
    if (auth.ready === undefined) this.#enter();
  }

  #enter(): void {
    clearTimeout(this.#limit);
    this.#state = 'open';
    this.#settle?.resolve();
    this.changed(this);
  }

  #beat(): void {
    if (!this.#alive) return this.#end(new ConnectionLost(ABNORMAL, 'no sign of life'));
    this.#alive = false;
    this.#socket.ping();
  }

  #receive(data: RawData): void {
    this.#alive = true;
    let json: unknown;
    try {
      json = messageOf(data, this.line.frames);
    } catch (cause) {
      return this.#end(this.#failure('malformed_response', { detail: 'a message that is not JSON', cause }));
    }
    if (this.#state === 'opening') this.#greet(json);
    else this.#route(json);
  }

  #greet(json: unknown): void {
    const { auth, kinds } = this.line;
    if (auth?.ready === undefined || kinds.fits(auth.ready, json)) return this.#enter();
    if (auth.refused ? kinds.fits(auth.refused, json) : kinds.is('error', json)) return this.#end(this.#refused(json));
    if (kinds.is('ignored', json)) return;
    const detail = `the reply fits neither auth.ready nor auth.refused; seen: ${keysSeen(json)}`;
    this.#end(this.#failure('malformed_response', { detail }));
  }

  #route(json: unknown): void {
    const { kinds, shared, context } = this.line;
    if (this.#isRefusal(json)) return this.#end(this.#refused(json));
    if (!shared) return this.#deliver(json);
    const id = kinds.idOf(json);
    // An unknown id belongs to an answer that was cancelled.
    if (id !== undefined) return this.#exchanges.get(id)?.push(json);
    if (this.idle || kinds.is('ignored', json)) return;
    if (kinds.is('error', json)) return this.#end(streamFailure(context, json));
    const detail = `a message that does not say which request it answers; seen: ${keysSeen(json)}`;
    this.#end(this.#failure('malformed_response', { detail }));
  }

  /** Where nothing accepts us, what refuses us comes in place of an answer. */
  #isRefusal(json: unknown): boolean {
    const { auth, kinds } = this.line;
    return (
      auth !== undefined && auth.ready === undefined && auth.refused !== undefined && kinds.fits(auth.refused, json)
    );
  }

  /** There is no other than the one answer, of which the end still comes when it was cancelled. */
  #deliver(json: unknown): void {
    for (const [id, exchange] of this.#exchanges) {
      if (!exchange.abandoned) exchange.push(json);
      else if (this.line.kinds.isEnd(json)) this.#free(id);
    }
  }

  #free(id: string): void {
    this.#exchanges.delete(id);
    this.changed(this);
  }

  #send(json: unknown): void {
    // One that has just died says so by its end.
    this.#socket.send(JSON.stringify(json), () => undefined);
  }

  /** The end, once. */
  #end(why: ProviderError | ConnectionLost, hangUp = () => this.#socket.terminate()): void {
    if (this.#state === 'closed') return;
    const { context } = this.line;
    if (this.#state === 'opening')
      this.#settle?.reject(why instanceof ConnectionLost ? lostConnection(why, 'entering', context) : why);
    this.#state = 'closed';
    clearTimeout(this.#limit);
    clearInterval(this.#heartbeat);
    this.#attempt.abort();
    hangUp();
    for (const exchange of this.#exchanges.values()) exchange.fail(why);
    this.changed(this);
  }

  #broken(error: Error): ProviderError | ConnectionLost {
    const failure = networkFailure(through(this.line.proxy, error), { ...this.line.context, started: false });
    return this.#state === 'opening' || failure.code === 'malformed_response'
      ? failure
      : new ConnectionLost(ABNORMAL, error.message);
  }

  /** Most say no more than that it failed. */
  #refused(json: unknown): ProviderError {
    const { code, detail } = streamFailure(this.line.context, json);
    const vague = code === 'unavailable' || code === 'bad_request';
    return this.#failure(vague ? 'bad_key' : code, { detail });
  }

  #late(): ProviderError {
    const { connectMs, proxy } = this.line;
    const { message } = through(proxy, new Error(`no connection within ${connectMs} ms`));
    return this.#failure('timeout', { detail: message, phase: 'connect' });
  }

  #failure(code: ProviderError['code'], init: Omit<ProviderErrorInit, 'ref'>): ProviderError {
    return new ProviderError(code, { ref: this.line.context.ref, ...init });
  }
}

/** With `frames: text`, what is no JSON object is a text of the answer. @throws SyntaxError for what is neither */
function messageOf(data: RawData, frames: Line['frames']): unknown {
  const text = String(data).replace(/^\uFEFF/, '');
  if (frames === 'text' && !text.trimStart().startsWith('{')) return text;
  return JSON.parse(text);
}
