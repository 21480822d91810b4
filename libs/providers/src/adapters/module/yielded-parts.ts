import { PartWriter } from '../../parts/part-writer.js';
import type { ModelRef } from '../../spec/model-ref.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { StreamPart } from '../../spec/stream-part.js';

type Shape = Readonly<Record<string, 'string' | 'object'>>;

/** The fields that a part must have, by its type. `discard` is the registry's own. */
const SHAPES: Readonly<Record<Exclude<StreamPart['type'], 'discard'>, Shape>> = {
  'text-start': { id: 'string' },
  'text-delta': { id: 'string', text: 'string' },
  'text-end': { id: 'string' },
  'reasoning-start': { id: 'string' },
  'reasoning-delta': { id: 'string', text: 'string' },
  'reasoning-end': { id: 'string' },
  'reasoning-replay': { reasoning: 'object' },
  'tool-call-start': { id: 'string', callId: 'string', name: 'string' },
  'tool-call-delta': { id: 'string', arguments: 'string' },
  'tool-call-end': { id: 'string' },
  'image-start': { id: 'string', callId: 'string' },
  'image-preview': { id: 'string', mediaType: 'string', data: 'string' },
  'image-end': { id: 'string', mediaType: 'string', data: 'string' },
  'image-failed': { id: 'string' },
  source: { source: 'object' },
  usage: { usage: 'object' },
  warning: { warning: 'object' },
  finish: { reason: 'object' },
};

const REQUIRED = new Map(Object.entries(SHAPES).map(([type, shape]) => [type, Object.entries(shape)] as const));

const WHAT_TO_YIELD =
  "yield parts such as { type: 'text-delta', id, text } (PartWriter writes them), or plain texts: strings or { delta: 'text' }";

/**
 * What the code of a module yields, as parts. Besides parts it may yield the texts of an answer, as strings or as the `delta`
 * of objects; such an answer is over when `done` is true, or nothing more comes.
 */
export class YieldedParts {
  readonly #writer = new PartWriter();
  #yields: 'parts' | 'texts' | undefined;

  constructor(private readonly ref: ModelRef) {}

  /** @throws ProviderError `module_failed` that says what was yielded and what to yield */
  accept(value: unknown): readonly StreamPart[] {
    if (isPart(value)) return this.#part(value);
    const text = textIn(value);
    if (text === undefined || this.#yields === 'parts') throw this.#malformed(value);
    this.#yields = 'texts';
    this.#writer.text(text.delta);
    if (text.done) this.#finish();
    return this.#writer.take();
  }

  /** No more is yielded. Texts need no end of their own. */
  end(): readonly StreamPart[] {
    if (this.#yields === 'texts') this.#finish();
    return this.#writer.take();
  }

  #part(part: StreamPart): readonly StreamPart[] {
    // A block that is open among texts would never be ended.
    if (this.#yields === 'texts' && part.type !== 'usage' && part.type !== 'warning') throw this.#malformed(part);
    if (part.type !== 'usage' && part.type !== 'warning') this.#yields = 'parts';
    return [part];
  }

  #finish(): void {
    this.#writer.finish({ unified: 'stop', raw: null }, undefined);
  }

  #malformed(value: unknown): ProviderError {
    const mixed = this.#yields === undefined ? '' : ` after ${this.#yields}`;
    const detail = `the module of the provider "${this.ref.provider}" yielded ${describe(value)}${mixed}; ${WHAT_TO_YIELD}`;
    return new ProviderError('module_failed', { ref: this.ref, detail, retryable: false });
  }
}

function isPart(value: unknown): value is StreamPart {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const fields = REQUIRED.get(String(value.type));
  // Indexing what is checked field by field.
  const given = value as Readonly<Record<string, unknown>>;
  return fields?.every(([name, type]) => typeof given[name] === type && given[name] !== null) ?? false;
}

/** `'text'`, `{ delta: 'text' }` or `{ delta: 'text', done: false }`; the last one may have no text. */
function textIn(value: unknown): { readonly delta: string; readonly done: boolean } | undefined {
  if (typeof value === 'string') return { delta: value, done: false };
  if (typeof value !== 'object' || value === null || 'type' in value) return undefined;
  const done = 'done' in value && value.done === true;
  const delta = 'delta' in value ? (value.delta ?? '') : '';
  if (typeof delta !== 'string' || !('delta' in value || done)) return undefined;
  return { delta, done };
}

const MAX_DESCRIBED = 80;

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `${String(value).slice(0, MAX_DESCRIBED)} (${typeof value})`;
  const keys = Object.keys(value).join(', ').slice(0, MAX_DESCRIBED);
  return 'type' in value
    ? `a part of type "${String(value.type)}" with the fields ${keys}`
    : `an object with the fields ${keys || 'none'}`;
}
