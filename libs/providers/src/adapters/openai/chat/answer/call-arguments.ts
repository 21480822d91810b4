import { isDeepStrictEqual } from 'node:util';
import { JsonEnd } from './json-end.js';

/** An object without anything in it, or the beginning of an object: some servers send `{}` before the real arguments. */
const MAY_BE_EMPTY = /^\s*(?:\{\s*\}?\s*)?$/;

const OBJECT = /^\s*\{/;

/**
 * The arguments of one call, from all the ways in which servers send them: in pieces; everything so far with each piece; all of them
 * once more behind the pieces, perhaps written in another way; an empty object first; several complete objects one after the other.
 */
export class CallArguments {
  #text = '';
  #taken = 0;
  #end = new JsonEnd();
  #isComplete = false;
  /** What came behind a complete object, until it is an object as well. */
  #more: CallArguments | undefined;

  get isEmpty(): boolean {
    return this.#text === '';
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** What came behind the end and is no object. */
  get hasRest(): boolean {
    return this.#more !== undefined && !this.#more.isComplete;
  }

  /** @returns the arguments of other calls, where a complete object is followed by different ones */
  add(piece: string): readonly CallArguments[] {
    const fresh = this.#repeats(piece) ? piece.slice(this.#text.length) : piece;
    if (fresh === '') return [];
    if (this.#isComplete) return this.#addBehind(fresh);
    const end = this.#end.push(fresh);
    this.#text += end === undefined ? fresh : fresh.slice(0, end);
    if (end === undefined) return [];
    this.#isComplete = true;
    return this.#addBehind(fresh.slice(end));
  }

  /** What can be written already: nothing as long as it may turn out to be no object, or to be sent anew. */
  take(): string {
    if (!OBJECT.test(this.#text) || (this.#taken === 0 && MAY_BE_EMPTY.test(this.#text))) return '';
    return this.#rest();
  }

  /** The rest, when no more comes, as it came: only JSON within a JSON string is unpacked. */
  takeLast(): string {
    if (this.#taken === 0) this.#text = unpacked(this.#text);
    return this.#rest();
  }

  #rest(): string {
    const rest = this.#text.slice(this.#taken);
    this.#taken = this.#text.length;
    return rest;
  }

  /** No JSON goes on with its own beginning, so that is everything so far once more. */
  #repeats(piece: string): boolean {
    return OBJECT.test(this.#text) && piece.length >= this.#text.length && piece.startsWith(this.#text);
  }

  #addBehind(piece: string): readonly CallArguments[] {
    const fresh = this.#more ? piece : piece.trimStart();
    if (fresh === '') return [];
    const next = (this.#more ??= new CallArguments());
    const further = next.add(fresh);
    if (!next.#isComplete) return [];
    this.#more = undefined;
    const isSame = sameJson(this.#text, next.#text);
    if (!isSame && (this.#taken > 0 || !MAY_BE_EMPTY.test(this.#text))) return [next, ...further];
    if (!isSame) this.#text = next.#text;
    this.#more = next.#more;
    return further;
  }
}

function sameJson(one: string, other: string): boolean {
  if (one === other) return true;
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
  } catch {
    // One of them is no JSON after all.
    return false;
  }
}

function unpacked(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('"')) return text;
  try {
    const inner: unknown = JSON.parse(trimmed);
    return typeof inner === 'string' && OBJECT.test(inner) ? inner : text;
  } catch {
    // Cut off, or no JSON: it goes on as it came.
    return text;
  }
}
