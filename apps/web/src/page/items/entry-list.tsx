import { memo, useMemo, useState } from 'react';
import type { Entries } from '../../protocol/fold.js';
import { type Chunk, divide } from './chunks.js';
import { endsOfAnswers } from './ends-answer.js';
import { ItemView } from './index.js';

interface EntryListProps {
  readonly entries: Entries;
  /** An answer is being written. */
  readonly isBusy: boolean;
}

/** All entries of a conversation. */
export function EntryList({ entries, isBusy }: EntryListProps) {
  const [drawn] = useState<{ chunks: readonly Chunk[] }>({ chunks: [] });
  const last = useMemo(() => endsOfAnswers(entries, isBusy), [entries, isBusy]);
  // The same entries give the same chunks, however often they are drawn.
  const chunks = useMemo(() => (drawn.chunks = divide(drawn.chunks, entries)), [drawn, entries]);
  return chunks.map((chunk) => <ChunkView key={chunk.key} chunk={chunk} last={last} />);
}

interface ChunkProps {
  readonly chunk: Chunk;
  /** Ids of the items that end an answer. */
  readonly last: ReadonlySet<string>;
}

const ChunkView = memo(
  function ChunkView({ chunk, last }: ChunkProps) {
    return (
      <div className="chunk">
        {chunk.entries.map((entry) => (
          <ItemView key={entry.item.id} entry={entry} endsAnswer={last.has(entry.item.id)} />
        ))}
      </div>
    );
  },
  (before, now) =>
    before.chunk === now.chunk &&
    now.chunk.entries.every(({ item }) => before.last.has(item.id) === now.last.has(item.id)),
);
