import { count, type Json, object, text } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';
import { type CallContext, StreamedCall } from './streamed-call.js';

/** A piece of a call, as it came. */
interface Fragment {
  readonly index: number | undefined;
  readonly id: string;
  readonly name: string;
  readonly args: string | Json | readonly unknown[];
  readonly extra: unknown;
}

/**
 * Sorts fragments of tool calls to their calls. `index` is the key by the documentation
 * (https://platform.openai.com/docs/api-reference/chat/streaming), but servers leave it out, send 0 for all of several calls, count
 * it wrongly, repeat ids and names with every fragment, make a new id for each, or send the name last: what a fragment says together
 * with what is known of the calls decides.
 */
export class ToolCallReader {
  readonly #calls: StreamedCall[] = [];
  readonly #context: CallContext;
  /** The calls that this delta is about: a second entry with a name is another call. */
  #touched = new Set<StreamedCall>();

  constructor(writer: PartWriter, newCallId: () => string, provider: string) {
    const used = new Set<string>();
    const callId = (wireId: string): string => {
      const id = wireId === '' || used.has(wireId) ? newCallId() : wireId;
      used.add(id);
      return id;
    };
    this.#context = { writer, provider, callId };
  }

  get hasCalls(): boolean {
    return this.#calls.length > 0;
  }

  /** The `tool_calls` of a delta. */
  push(fragments: readonly unknown[]): void {
    this.#touched = new Set();
    for (const one of fragments) {
      const fragment = fragmentOf(one);
      if (fragment) this.#push(this.#find(fragment) ?? this.#begin(fragment), fragment);
    }
  }

  /** The `tool_calls` of a whole message: those that were streamed are there once more. */
  whole(calls: readonly unknown[]): void {
    this.#touched = new Set();
    const known = [...this.#calls];
    for (const [place, one] of calls.entries()) {
      const fragment = fragmentOf(one);
      if (!fragment) continue;
      const same = known.find(({ wireId }) => fragment.id !== '' && wireId === fragment.id) ?? known[place];
      if (same?.isComplete) continue;
      this.#push(same ?? this.#begin(fragment), fragment);
    }
  }

  /** No more comes. @returns how many calls had something that was of no use */
  finish(): number {
    for (const call of this.#calls) call.finish();
    return this.#calls.filter(({ isOdd }) => isOdd).length;
  }

  #push(call: StreamedCall, { id, name, args, extra }: Fragment): void {
    this.#touched.add(call);
    if (call.wireId === '') call.wireId = id;
    call.addName(name);
    if (extra) call.addExtra(extra);
    for (const other of call.addArguments(args)) this.#add(other);
  }

  #find(fragment: Fragment): StreamedCall | undefined {
    const { id } = fragment;
    const byId = id === '' ? undefined : this.#calls.findLast(({ wireId }) => wireId === id);
    const call = byId ?? this.#near(fragment);
    if (!call) return undefined;
    const begins = byId ? beginsWithId(byId, fragment) : beginsAnother(call, fragment);
    return begins || (this.#touched.has(call) && fragment.name !== '') ? undefined : call;
  }

  /** The call at the index; where there is none, or it is unknown, a fragment that says nothing about itself belongs to the last one. */
  #near({ index, id, name }: Fragment): StreamedCall | undefined {
    const last = this.#calls.at(-1);
    if (index === undefined) return id !== '' && name !== '' ? undefined : last;
    const there = this.#calls.findLast((call) => call.index === index);
    return there ?? (id === '' && name === '' && last && !last.isComplete ? last : undefined);
  }

  #begin({ index, id }: Fragment): StreamedCall {
    return this.#add(new StreamedCall(this.#context, index, id));
  }

  #add(call: StreamedCall): StreamedCall {
    for (const before of this.#calls) before.flush();
    this.#calls.push(call);
    return call;
  }
}

/** A name that differs, behind complete arguments: ids of calls are not unique everywhere. */
const beginsWithId = (call: StreamedCall, { name }: Fragment): boolean =>
  name !== '' && call.name !== '' && name !== call.name && call.isComplete;

/** Whether a fragment that would belong to the call by its index or its place begins another one. */
function beginsAnother(call: StreamedCall, { index, id, name }: Fragment): boolean {
  const hasOtherId = id !== '' && call.wireId !== '' && id !== call.wireId;
  if (hasOtherId && name === '') return call.isComplete;
  // A server that makes a new id for every fragment repeats the name in the middle of the arguments.
  if (hasOtherId) return call.name !== name || !call.hasArguments || call.isComplete;
  if (name === '' || call.name === '' || name === call.name) return false;
  // A name in pieces, by the index.
  return index === undefined || !call.isUnnamed;
}

function fragmentOf(value: unknown): Fragment | undefined {
  const fragment = object(value);
  if (!fragment) return undefined;
  // Some leave the level of the function out.
  const details = object(fragment['function']) ?? fragment;
  const given = details['arguments'];
  return {
    index: count(fragment['index']),
    id: text(fragment['id']),
    name: text(details['name']),
    args: typeof given === 'string' ? given : (object(given) ?? (Array.isArray(given) ? given : '')),
    extra: fragment['extra_content'],
  };
}
