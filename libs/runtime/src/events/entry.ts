/** A position in a run's events: sequence numbers start at 1 under each fence. */
export interface Cursor {
  readonly fence: number;
  readonly seq: number;
}

/** One flush of one run: the finished SSE frames of one event-loop turn. */
export interface Entry {
  readonly runId: string;
  readonly fence: number;
  /** Sequence number of the first and of the last event in `frames`. */
  readonly first: number;
  readonly last: number;
  /** Ids of the items that these events announced, and of those that they finished or withdrew. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  /** True for the run's last entry: no other follows, under any fence. */
  readonly end: boolean;
  /** UTF-8, ready to be sent. */
  readonly frames: Buffer;
}

/** A published entry: without frames where they are too long for a message; the log has them. */
export type EntryCopy = Omit<Entry, 'frames'> & { readonly frames: Buffer | null };

type Header = [
  runId: string,
  fence: number,
  first: number,
  last: number,
  end: 0 | 1,
  opened: readonly string[],
  closed: readonly string[],
  bytes: number,
];

/** Takes the place of the length when the frames are only in the log. */
const LEFT_OUT = -1;
const LINE_FEED = 0x0a;

/**
 * Encodes an entry as one line of JSON followed by the frames. The line includes the length, so that entries of several
 * runs can be concatenated in one message; the log stores the same text.
 */
export function encodeEntry(entry: Omit<Entry, 'frames'> & { readonly frames: string }): string {
  const { runId, fence, first, last, end, opened, closed, frames } = entry;
  const header: Header = [runId, fence, first, last, end ? 1 : 0, opened, closed, Buffer.byteLength(frames)];
  return `${JSON.stringify(header)}\n${frames}`;
}

/**
 * Encodes only the header of an entry, which notifies a reader that there is something to read, and where. It omits the
 * item ids, which may be many and are in the log.
 */
export function withoutFrames(encoded: string): string {
  const header = JSON.parse(encoded.slice(0, encoded.indexOf('\n'))) as Header;
  header[5] = [];
  header[6] = [];
  header[7] = LEFT_OUT;
  return `${JSON.stringify(header)}\n`;
}

/** Decodes any number of entries written by `encodeEntry`. Frames are views into `message`. Throws on a truncated entry. */
export function decodeEntries(message: Buffer): EntryCopy[] {
  const entries: EntryCopy[] = [];
  for (let offset = 0; offset < message.length;) {
    const lineEnd = message.indexOf(LINE_FEED, offset);
    if (lineEnd < 0) throw new Error('run log: an entry without a header line');
    const line = message.toString('utf8', offset, lineEnd);
    const [runId, fence, first, last, end, opened, closed, bytes] = JSON.parse(line) as Header;
    const start = lineEnd + 1;
    offset = start + Math.max(bytes, 0);
    if (offset > message.length) throw new Error('run log: an entry that is shorter than its header says');
    const frames = bytes === LEFT_OUT ? null : message.subarray(start, offset);
    entries.push({ runId, fence, first, last, end: end === 1, opened, closed, frames });
  }
  return entries;
}

/** Decodes what the log stores in one piece: an entry, or all that is left of a settled run's log. */
export function decodeStored(stored: Buffer): Entry[] {
  const entries = decodeEntries(stored).filter((entry): entry is Entry => entry.frames !== null);
  if (entries.length === 0) throw new Error('run log: a stored entry without frames');
  return entries;
}

/** Whether an entry ends after the cursor. */
export const isAfter = ({ fence, last }: Pick<Entry, 'fence' | 'last'>, cursor: Cursor): boolean =>
  fence > cursor.fence || (fence === cursor.fence && last > cursor.seq);
