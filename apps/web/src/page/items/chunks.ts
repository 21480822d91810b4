import type { Entries, Entry } from '../../protocol/fold.js';

/** Neighbours among the entries. An entry stays in the chunk in which it was first drawn. */
export interface Chunk {
  readonly key: number;
  readonly entries: Entries;
}

/**
 * At this length, what is added opens a new chunk. Short enough that a chunk which comes near the view is drawn in a few
 * milliseconds, long enough that a frame has few of them to look at.
 */
const LENGTH = 8;

/**
 * Divides entries into chunks, of which only those are new that hold something new: a word of an answer costs as
 * much in a long conversation as in a short one. What comes before all known entries, a page of earlier ones, has chunks
 * of its own.
 */
export function divide(before: readonly Chunk[], entries: Entries): readonly Chunk[] {
  const chunkOf = new Map(
    before.flatMap(({ key, entries: known }) => known.map(({ item }) => [item.id, key] as const)),
  );
  const first = entries.findIndex(({ item }) => chunkOf.has(item.id));
  const groups: { readonly key: number; readonly entries: Entry[] }[] = [];
  const put = (key: number, entry: Entry): void => {
    const last = groups.at(-1);
    if (last && key <= last.key) last.entries.push(entry);
    else groups.push({ key, entries: [entry] });
  };
  const firstKey = before[0]?.key ?? 0;
  for (const [index, entry] of entries.entries()) {
    const known = chunkOf.get(entry.item.id);
    if (known !== undefined) put(known, entry);
    else if (index < first) put(firstKey - Math.ceil((first - index) / LENGTH), entry);
    else put(keyBehind(groups.at(-1), before), entry);
  }
  const old = new Map(before.map((chunk) => [chunk.key, chunk]));
  return groups.map((group) => {
    const same = old.get(group.key);
    return same && hasSame(same.entries, group.entries) ? same : group;
  });
}

function keyBehind(last: Chunk | undefined, before: readonly Chunk[]): number {
  if (!last) return 0;
  return last.entries.length < LENGTH ? last.key : Math.max(last.key, before.at(-1)?.key ?? 0) + 1;
}

const hasSame = (some: Entries, others: Entries): boolean =>
  some.length === others.length && some.every((entry, index) => entry === others[index]);
