import type { ExtraFields, FinishReason, ImageBytes, Source, StreamPart, Warning } from '../spec/stream-part.js';
import type { Usage } from '../spec/usage.js';

/** In one answer; no model asks for as many. Without bounds a model that repeats itself could fill the memory. */
export const MAX_TOOL_CALLS = 128;
/** Of one call, in characters: more than the longest answer of any model. */
const MAX_ARGUMENTS = 1_000_000;

type Kind = 'text' | 'reasoning' | 'tool-call' | 'image';
type Start = Extract<StreamPart, { type: `${Kind}-start` }>;
type WithoutId<Part> = Part extends unknown ? Omit<Part, 'id'> : never;

/** A block that is about to be started, before it has an id. */
export type NewBlock = WithoutId<Start>;

/**
 * Turns what an adapter reads into well-formed parts, so that none of them keeps block ids by itself; `finish` ends whatever
 * is still open. A wire without blocks of its own uses {@link text} and {@link reasoning}, which open one before its first
 * delta and close it when another kind begins; a wire that has them uses {@link start}, {@link delta} and {@link end}.
 */
export class PartWriter {
  #parts: StreamPart[] = [];
  #blocks = 0;
  #extra: ExtraFields | undefined;
  /** The kinds of the open blocks by id, in the order in which they were started. */
  readonly #open = new Map<string, Kind>();
  /** The characters of the arguments of each tool call. */
  readonly #calls = new Map<string, number>();
  #current: { readonly kind: 'text' | 'reasoning'; readonly id: string } | undefined;

  /** The parts written since the last call. */
  take(): readonly StreamPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  text(text: string): void {
    if (text) this.delta(this.#continue('text'), text);
  }

  reasoning(text: string): void {
    if (text) this.delta(this.#continue('reasoning'), text);
  }

  /** Ends what {@link text} or {@link reasoning} is writing: more of the same kind is a block of its own. */
  close(): void {
    if (this.#current) this.end(this.#current.id);
    this.#current = undefined;
  }

  /** Tool calls stay open until the end, because wires may interleave the arguments of several. @returns the block's id */
  toolCall(callId: string, name: string): string {
    this.close();
    return this.start({ type: 'tool-call-start', callId, name });
  }

  /** @returns the id of the block. @throws RangeError for more tool calls than any model makes */
  start(block: NewBlock): string {
    const kind = kindOf(block);
    const id = `${kind}-${this.#blocks++}`;
    if (kind === 'tool-call') this.#count(id, 0);
    this.#open.set(id, kind);
    this.#parts.push({ ...block, id });
    return id;
  }

  /**
   * Appends to an open text, reasoning or tool call. Nothing is written for an empty text.
   * @throws RangeError for arguments that are longer than any model's
   */
  delta(id: string, text: string): void {
    if (!text) return;
    const kind = this.#open.get(id);
    if (kind === 'tool-call') {
      this.#count(id, text.length);
      this.#parts.push({ type: 'tool-call-delta', id, arguments: text });
    } else if (kind === 'text' || kind === 'reasoning') this.#parts.push({ type: `${kind}-delta`, id, text });
  }

  /** Ends a block. Nothing happens when it has ended; an image that ends without its picture has failed. */
  end(id: string): void {
    const kind = this.#open.get(id);
    if (!kind) return;
    this.#open.delete(id);
    this.#parts.push({ type: kind === 'image' ? 'image-failed' : `${kind}-end`, id });
  }

  imagePreview(id: string, index: number, image: ImageBytes): void {
    if (this.#open.has(id)) this.#parts.push({ type: 'image-preview', id, index, ...image });
  }

  /** Ends an image with its picture. */
  imageEnd(id: string, image: ImageBytes): void {
    if (this.#open.delete(id)) this.#parts.push({ type: 'image-end', id, ...image });
  }

  /** `id`: the text block that it belongs to; by default the one that {@link text} is writing. */
  source(source: Source, id = this.#current?.kind === 'text' ? this.#current.id : undefined): void {
    this.#parts.push({ type: 'source', ...(id !== undefined && { id }), source });
  }

  replay(provider: string, data: Readonly<Record<string, unknown>>): void {
    this.#parts.push({ type: 'reasoning-replay', reasoning: { type: 'reasoning', provider, data } });
  }

  /** What is known of the usage so far; {@link finish} takes the final one. */
  usage(usage: Usage | undefined): void {
    if (usage) this.#parts.push({ type: 'usage', usage });
  }

  warning(warning: Warning): void {
    this.#parts.push({ type: 'warning', warning });
  }

  /** What {@link finish} tells beside the answer. */
  extra(fields: ExtraFields): void {
    if (Object.keys(fields).length > 0) this.#extra = fields;
  }

  /** A warning about frames that nobody could make sense of, if there were any. */
  skipped(count: number): void {
    if (count > 0) this.warning({ code: 'unknown_frames', count, detail: 'frames of unknown shape were skipped' });
  }

  /** The last part. Nothing may be written after it. */
  finish(reason: FinishReason, usage: Usage | undefined): void {
    this.close();
    // A map may lose entries while it is walked.
    for (const id of this.#open.keys()) this.end(id);
    const extra = this.#extra;
    this.#parts.push({ type: 'finish', reason, ...(usage && { usage }), ...(extra && { extra }) });
  }

  #count(id: string, characters: number): void {
    const length = (this.#calls.get(id) ?? 0) + characters;
    this.#calls.set(id, length);
    if (this.#calls.size > MAX_TOOL_CALLS) throw new RangeError(`more than ${MAX_TOOL_CALLS} tool calls in one answer`);
    if (length > MAX_ARGUMENTS)
      throw new RangeError(`arguments of a tool call of more than ${MAX_ARGUMENTS} characters`);
  }

  #continue(kind: 'text' | 'reasoning'): string {
    if (this.#current?.kind === kind) return this.#current.id;
    this.close();
    const id = this.start({ type: `${kind}-start` });
    this.#current = { kind, id };
    return id;
  }
}

function kindOf({ type }: NewBlock): Kind {
  switch (type) {
    case 'text-start':
      return 'text';
    case 'reasoning-start':
      return 'reasoning';
    case 'tool-call-start':
      return 'tool-call';
    case 'image-start':
      return 'image';
    default:
      return type satisfies never;
  }
}
