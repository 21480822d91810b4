import type { FinishReason, Source, StreamPart, Warning } from '../spec/stream-part.js';
import type { Usage } from '../spec/usage.js';

/**
 * Turns what an adapter reads into well-formed parts: opens a block before its first delta, closes it when another kind of
 * block begins, and everything before `finish`. Shared by all adapters, so that none of them keeps block ids by itself.
 * Tool calls stay open until the end, because wires may interleave the arguments of several.
 */
export class PartWriter {
  #parts: StreamPart[] = [];
  #blocks = 0;
  #open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | undefined;
  readonly #calls: string[] = [];

  /** The parts written since the last call. */
  take(): readonly StreamPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  text(text: string): void {
    if (text) this.#parts.push({ type: 'text-delta', id: this.#block('text'), text });
  }

  reasoning(text: string): void {
    if (text) this.#parts.push({ type: 'reasoning-delta', id: this.#block('reasoning'), text });
  }

  /** @returns the id of the block, for {@link toolCallDelta} */
  toolCall(callId: string, name: string): string {
    this.#close();
    const id = this.#nextId('tool-call');
    this.#calls.push(id);
    this.#parts.push({ type: 'tool-call-start', id, callId, name });
    return id;
  }

  toolCallDelta(id: string, text: string): void {
    if (text) this.#parts.push({ type: 'tool-call-delta', id, arguments: text });
  }

  source(source: Source): void {
    this.#parts.push({ type: 'source', source });
  }

  warning(warning: Warning): void {
    this.#parts.push({ type: 'warning', warning });
  }

  /** The last part. Nothing may be written after it. */
  finish(reason: FinishReason, usage: Usage | undefined): void {
    this.#close();
    for (const id of this.#calls) this.#parts.push({ type: 'tool-call-end', id });
    this.#parts.push({ type: 'finish', reason, ...(usage && { usage }) });
  }

  #block(kind: 'text' | 'reasoning'): string {
    if (this.#open?.kind === kind) return this.#open.id;
    this.#close();
    const id = this.#nextId(kind);
    this.#open = { kind, id };
    this.#parts.push({ type: `${kind}-start`, id });
    return id;
  }

  #close(): void {
    if (!this.#open) return;
    this.#parts.push({ type: `${this.#open.kind}-end`, id: this.#open.id });
    this.#open = undefined;
  }

  #nextId(kind: string): string {
    return `${kind}-${this.#blocks++}`;
  }
}
