import type { PartWriter } from '../../../../parts/part-writer.js';
import { count, type Json, object, text } from '../../../../http/json.js';

interface Call {
  readonly index: number | undefined;
  readonly wireId: string;
  readonly block: string;
}

/**
 * Sorts fragments of tool calls to their calls. `index` is the key by the documentation
 * (https://platform.openai.com/docs/api-reference/chat/streaming), but Gemini's endpoint leaves it out or sends 0 for all of
 * several parallel calls: a new id with a name then begins a new one.
 */
export class ToolCallReader {
  readonly #calls: Call[] = [];

  constructor(
    private readonly writer: PartWriter,
    private readonly newCallId: () => string,
    /** The id of who makes the calls. */
    private readonly provider: string,
  ) {}

  /** The `tool_calls` of a delta or message. */
  push(fragments: readonly unknown[]): void {
    for (const one of fragments) {
      const fragment = object(one);
      if (fragment) this.#push(fragment);
    }
  }

  #push(fragment: Json): void {
    const details = object(fragment['function']) ?? {};
    const id = text(fragment['id']);
    const name = text(details['name']);
    const call = this.#find(count(fragment['index']), id, name) ?? this.#begin(fragment, id, name);
    if (!call) return;
    const given = details['arguments'];
    if (typeof given === 'string') this.writer.delta(call.block, given);
    // Some servers send the parsed arguments, whole.
    else if (given) this.writer.delta(call.block, JSON.stringify(given));
  }

  #find(index: number | undefined, id: string, name: string): Call | undefined {
    if (index === undefined) {
      if (id) return this.#calls.find((call) => call.wireId === id);
      return name ? undefined : this.#calls.at(-1);
    }
    const call = this.#calls.findLast((one) => one.index === index);
    const begins = call && id && call.wireId && id !== call.wireId && name;
    return begins ? undefined : call;
  }

  /** A fragment that fits to no call and names no function is lost to us: there is nothing to run. */
  #begin(fragment: Json, id: string, name: string): Call | undefined {
    if (!name) return undefined;
    const callId = id || this.newCallId();
    // Gemini 3 signs its calls, and refuses their results without it: https://ai.google.dev/gemini-api/docs/thought-signatures
    const extra = fragment['extra_content'];
    if (extra) this.writer.replay(this.provider, { call_extras: { [callId]: extra } });
    const call = { index: count(fragment['index']), wireId: id, block: this.writer.toolCall(callId, name) };
    this.#calls.push(call);
    return call;
  }
}
