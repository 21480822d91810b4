import type { Json } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';
import { CallArguments } from './call-arguments.js';

/** What the calls of one answer share. */
export interface CallContext {
  readonly writer: PartWriter;
  /** A name for a call that has none, or one that another call has. */
  readonly callId: (wireId: string) => string;
  /** The id of who makes the calls. */
  readonly provider: string;
}

/**
 * A tool call that comes in pieces. It is announced with its first arguments, because its name may come in pieces as well; where
 * arguments come first, with the end of the answer or the beginning of another call.
 */
export class StreamedCall {
  name = '';
  #block: string | undefined;
  #callId: string | undefined;
  #hasEarlyArguments = false;
  #extra: unknown;

  constructor(
    private readonly context: CallContext,
    readonly index: number | undefined,
    public wireId: string,
    private readonly args = new CallArguments(),
  ) {}

  /** Its name may still grow: nothing else of it has come. */
  get isUnnamed(): boolean {
    return this.#block === undefined && (this.args.isEmpty || this.#hasEarlyArguments);
  }

  get hasArguments(): boolean {
    return !this.args.isEmpty;
  }

  get isComplete(): boolean {
    return this.args.isComplete;
  }

  /** Something of it was no use: a name that never came, or a rest behind its arguments. */
  get isOdd(): boolean {
    return this.name === '' || this.args.hasRest;
  }

  /** The whole name, a piece of it, or once more what is known. */
  addName(name: string): void {
    if (name === '' || name === this.name || !this.isUnnamed) return;
    this.name = name.startsWith(this.name) ? name : this.name + name;
  }

  /** Gemini 3 signs its calls, and refuses their results without it: https://ai.google.dev/gemini-api/docs/thought-signatures */
  addExtra(extra: unknown): void {
    this.#extra = extra;
    if (this.#callId !== undefined) this.#replay(this.#callId);
  }

  /** @returns other calls of the same function, where arguments follow that are complete and different */
  addArguments(given: string | Json | readonly unknown[]): readonly StreamedCall[] {
    const piece = typeof given === 'string' ? given : JSON.stringify(given);
    if (piece === '') return [];
    this.#hasEarlyArguments ||= this.name === '';
    const others = this.args.add(piece);
    if (this.name !== '' && !this.#hasEarlyArguments) this.#write(this.args.take());
    return others.map((args) => this.#another(args));
  }

  #another(args: CallArguments): StreamedCall {
    const other = new StreamedCall(this.context, this.index, '', args);
    other.name = this.name;
    return other;
  }

  /** No more comes, or another call does: what there is, is written. */
  flush(): void {
    if (this.name === '') return;
    this.#hasEarlyArguments = false;
    this.#write(this.args.take());
  }

  finish(): void {
    if (this.name !== '') this.#write(this.args.takeLast());
  }

  #write(text: string): void {
    this.#block ??= this.#announce();
    this.context.writer.delta(this.#block, text);
  }

  #announce(): string {
    this.#callId = this.context.callId(this.wireId);
    if (this.#extra) this.#replay(this.#callId);
    return this.context.writer.toolCall(this.#callId, this.name);
  }

  #replay(callId: string): void {
    this.context.writer.replay(this.context.provider, { call_extras: { [callId]: this.#extra } });
  }
}
