import { count, type Json, object, text } from '../../../../http/json.js';
import type { ItemKind } from './event-kind.js';
import type { ItemReader } from './item-reader.js';

/** An item of the output. Its id is empty where the server gives none. */
export interface OutputItem {
  readonly kind: ItemKind;
  readonly id: string;
  readonly index: number | undefined;
  readonly reader: ItemReader;
  isDone: boolean;
}

/** Where an event or an item says that it belongs. */
export interface ItemPlace {
  readonly kind: ItemKind;
  readonly id: string;
  readonly index: number | undefined;
}

/** The place of an event, which names its item, or of an item, which comes with an event. */
export function placeOf(kind: ItemKind, event: Json): ItemPlace {
  const item = object(event['item']);
  const id = text(event['item_id']) || text(item?.['id']) || text(item?.['call_id']);
  return { kind, id, index: count(event['output_index']) };
}

/**
 * The items of a response. By the documentation both the id and `output_index` name an item; servers that copy the API give several
 * items one index, or one item several ids, or leave one of them out.
 */
export class ItemTable {
  readonly #items: OutputItem[] = [];
  #last: OutputItem | undefined;

  get size(): number {
    return this.#items.length;
  }

  all(kind: ItemKind): readonly OutputItem[] {
    return this.#items.filter((item) => item.kind === kind);
  }

  add(place: ItemPlace, reader: ItemReader): OutputItem {
    const item = { ...place, reader, isDone: false };
    this.#items.push(item);
    this.#last = item;
    return item;
  }

  /** The item that an event is about, or a finished item. */
  find(place: ItemPlace): OutputItem | undefined {
    const { kind, id } = place;
    // Nearly every event is about the same item as the one before it.
    if (id !== '' && this.#last?.id === id && this.#last.kind === kind) return this.#last;
    return (this.#last = this.#byId(place) ?? this.#byIndex(place));
  }

  /** The item that is announced, if it is known already. */
  findAnnounced(place: ItemPlace): OutputItem | undefined {
    const known = this.#byId(place);
    if (known) return known;
    const there = this.#byIndex(place);
    return there && !there.isDone && (there.id === '' || place.id === '') ? there : undefined;
  }

  #byId({ kind, id }: ItemPlace): OutputItem | undefined {
    return id === '' ? undefined : this.#items.findLast((item) => item.id === id && item.kind === kind);
  }

  /** The newest of this kind at the index, unless that is done and another id says that this is not the same. */
  #byIndex({ kind, id, index }: ItemPlace): OutputItem | undefined {
    if (index === undefined && id !== '') return undefined;
    const there = this.#items.findLast((item) => item.kind === kind && (index === undefined || item.index === index));
    return there?.isDone && id !== '' && there.id !== '' && id !== there.id ? undefined : there;
  }
}
