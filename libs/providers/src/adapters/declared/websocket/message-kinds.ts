import { readFirst } from '../response-path.js';
import type { Mark, WebSocketResponse } from './response-config.js';

type Kind = keyof WebSocketResponse['kinds'];

/** Recognises the kinds of messages of one API. */
export class MessageKinds {
  constructor(private readonly response: Pick<WebSocketResponse, 'type' | 'kinds' | 'id'>) {}

  /** False for a kind that is not declared. */
  is(kind: Kind, json: unknown): boolean {
    const mark = this.response.kinds[kind];
    return mark !== undefined && this.fits(mark, json);
  }

  fits(mark: Mark, json: unknown): boolean {
    const own = typeof mark === 'object' && !Array.isArray(mark);
    const { path, is } = own ? mark : { path: this.response.type ?? [], is: mark };
    // A message that is nothing but text is its own type.
    const found = typeof json === 'string' && !own ? [json.trim()] : [readFirst(json, path)].flat();
    if (is === undefined) return found.some(Boolean);
    const wanted = [is].flat().map(String);
    return found.some((value) => wanted.includes(String(value)));
  }

  /** Whether there may be text of this kind in it: it is marked as such, or the kind has no mark and it is of no other. */
  mayHold(kind: 'text' | 'reasoning', json: unknown): boolean {
    if (this.response.kinds[kind]) return this.is(kind, json);
    const other = kind === 'text' ? 'reasoning' : 'text';
    return !this.is(other, json) && !this.is('ignored', json);
  }

  mayCount(json: unknown): boolean {
    return this.response.kinds.usage === undefined || this.is('usage', json);
  }

  /** Nothing comes after it that belongs to the answer. */
  isEnd(json: unknown): boolean {
    return this.is('done', json) || this.is('error', json);
  }

  /** The request that it answers; undefined for a message that names none. */
  idOf(json: unknown): string | undefined {
    const id = readFirst(json, this.response.id ?? []);
    return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
  }
}
