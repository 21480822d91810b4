import { randomUUID } from 'node:crypto';
import type { Capability } from '../../../spec/capability.js';
import type { CallSettings } from '../../../spec/call-settings.js';
import type { LanguageModel, ModelCall } from '../../../spec/language-model.js';
import type { ModelRef } from '../../../spec/model-ref.js';
import type { StreamPart, Warning } from '../../../spec/stream-part.js';
import type { FailureContext } from '../../../wire/errors.js';
import { frameWatch } from '../../../wire/frame-watch.js';
import { unplaced } from '../unplaced.js';
import { WebSocketAnswerReader } from './answer-reader.js';
import type { WebSocketResponse } from './response-config.js';
import type { Connection } from './connection.js';
import { ConnectionLost, lostConnection } from './connection-failure.js';
import type { ConnectionPool } from './connection-pool.js';
import { Exchange } from './exchange.js';
import type { MessageKinds } from './message-kinds.js';

export interface WebSocketModelInit {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly pool: ConnectionPool;
  readonly response: WebSocketResponse;
  readonly kinds: MessageKinds;
  /** The variables that a request says. */
  readonly uses: ReadonlySet<string>;
  readonly toRequest: (call: ModelCall, ref: ModelRef, requestId: string) => unknown;
  readonly context: FailureContext;
}

/** A request that was sent, on the connection that answers it. */
interface Asked {
  readonly exchange: Exchange;
  readonly connection: Connection;
  readonly reused: boolean;
}

/** A model behind a WebSocket API. */
export class WebSocketModel implements LanguageModel {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;

  constructor(private readonly init: WebSocketModelInit) {
    this.ref = init.ref;
    this.capabilities = init.capabilities;
  }

  checkSettings(settings: CallSettings): readonly Warning[] {
    return unplaced({ prompt: [], settings }, this.init.uses).filter(({ code }) => code === 'unsupported_setting');
  }

  async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
    const { response, kinds, uses, context } = this.init;
    signal.throwIfAborted();
    for (const warning of unplaced(call, uses)) yield { type: 'warning', warning };
    const reader = new WebSocketAnswerReader(response, kinds, { ...context, ref: this.ref });
    for (let fresh = false; ; fresh = true) {
      const asked = await this.#ask(call, signal, fresh);
      const answer = this.#read(asked, reader, signal, frameWatch(call, this.ref, context.secrets));
      try {
        // A connection that was idle may have died unnoticed; as nothing was received, the request is simply sent again.
        return yield* answer;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!(error instanceof ConnectionLost)) throw error;
        const { received } = asked.exchange;
        if (received || !asked.reused || fresh)
          throw lostConnection(error, received ? 'answering' : 'waiting', { ...context, ref: this.ref });
      }
    }
  }

  async #ask(call: ModelCall, signal: AbortSignal, fresh: boolean): Promise<Asked> {
    const exchange = new Exchange(randomUUID());
    const request = this.init.toRequest(call, this.ref, exchange.id);
    return { exchange, ...(await this.init.pool.ask(exchange, request, signal, fresh)) };
  }

  async *#read(
    { exchange, connection }: Asked,
    reader: WebSocketAnswerReader,
    signal: AbortSignal,
    seen: ReturnType<typeof frameWatch>,
  ): AsyncGenerator<StreamPart, void, undefined> {
    let complete = false;
    const stop = () => {
      exchange.abandon(signal.reason);
      connection.leave(exchange, false);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      while (!complete) {
        const json = await exchange.next();
        seen?.({ data: JSON.stringify(json) });
        complete = this.init.kinds.isEnd(json);
        reader.message(json);
        for (const part of reader.take()) {
          if (signal.aborted) throw signal.reason;
          yield part;
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
      connection.leave(exchange, complete);
    }
  }
}
