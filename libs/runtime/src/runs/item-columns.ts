import { type ThreadItem, toPayload } from '#chatkit';

/** Items as the column arrays that a statement unnests: id, type, payload, created_at. */
export function itemColumns(items: readonly ThreadItem[]): [string[], string[], string[], string[]] {
  return [
    items.map((item) => item.id),
    items.map((item) => item.type),
    items.map((item) => JSON.stringify(toPayload(item))),
    items.map((item) => item.created_at),
  ];
}
