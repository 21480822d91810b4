import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ModelCall } from '../spec/language-model.js';
import type { FileData, Message, UserMessage } from '../spec/prompt.js';
import type { PreparedCall } from '../spec/provider.js';

/** A file that stays where it is until a request is sent: a prompt holds none of its bytes. */
export interface StoredBytes {
  /** The same key means the same bytes. */
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  open(): Promise<Readable>;
  /** Waits until so many bytes may be held in memory while the file is looked at; the result gives them back. */
  toRead(bytes: number): Promise<() => void>;
  /** The same for as long as a call takes, unless it is aborted. */
  toSend(bytes: number, signal?: AbortSignal): Promise<() => void>;
}

/** Nobody outside of this process knows it, so that no text of a conversation can be taken for a file. */
const MARK = `stored-${randomBytes(24).toString('hex')}-`;
const ALL_MARKS = new RegExp(`${MARK}(\\d+);`, 'g');

const sources = new Map<string, StoredBytes>();
let made = 0;

/**
 * Data for a part of a prompt that stand for the base64 of a file. The HTTP client writes the file in their place, piece by piece.
 * The caller forgets them when no call with them is made any more.
 */
export function storedData(source: StoredBytes): FileData & { readonly type: 'base64' } {
  made += 1;
  const data = `${MARK}${made};`;
  sources.set(data, source);
  return { type: 'base64', data };
}

export function forgetStored({ data }: { readonly data: string }): void {
  sources.delete(data);
}

/** The file that these data stand for; undefined for base64. */
export const storedIn = (data: string): StoredBytes | undefined => (data.startsWith(MARK) ? sourceOf(data) : undefined);

function sourceOf(mark: string): StoredBytes {
  const source = sources.get(mark);
  if (!source) throw new Error('a file is used that the prompt has forgotten');
  return source;
}

const base64Length = (size: number): number => 4 * Math.ceil(size / 3);

/** A body with files in it; undefined for one without. `length` is in bytes. */
export function bodyWithFiles(
  body: string | Uint8Array | undefined,
): { readonly length: number; pieces(): AsyncGenerator<Buffer, void, undefined> } | undefined {
  if (typeof body !== 'string' || !body.includes(MARK)) return undefined;
  const parts: (Buffer | StoredBytes)[] = [];
  let end = 0;
  for (const mark of body.matchAll(ALL_MARKS)) {
    parts.push(Buffer.from(body.slice(end, mark.index)), sourceOf(mark[0]));
    end = mark.index + mark[0].length;
  }
  parts.push(Buffer.from(body.slice(end)));
  const length = parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : base64Length(part.size)), 0);
  return { length, pieces: () => piecesOf(parts) };
}

async function* piecesOf(parts: readonly (Buffer | StoredBytes)[]): AsyncGenerator<Buffer, void, undefined> {
  for (const part of parts) {
    if (!Buffer.isBuffer(part)) yield* base64Of(part);
    else if (part.length > 0) yield part;
  }
}

/** @throws Error when the file is not as long as it was: the length of the request is sent before it */
async function* base64Of({ size, open }: StoredBytes): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of (await open()) as AsyncIterable<Buffer>) {
    read += chunk.length;
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    if (whole > 0) yield Buffer.from(bytes.toString('base64', 0, whole), 'latin1');
  }
  if (read !== size) throw new Error(`a file of ${size} bytes has ${read}`);
  if (rest.length > 0) yield Buffer.from(rest.toString('base64'), 'latin1');
}

/** All of a file. The caller has reserved what it takes. */
export const wholeOf = async ({ open }: StoredBytes): Promise<Buffer> => buffer(await open());

/** Copies of a file that are in memory at once where it is sent in one piece: itself, its base64, the body, what is written. */
const COPIES = 5;

/**
 * The call with its files in it, for what does not send requests by our client. Waits until they may be held in memory. A call
 * without files is given back as it is.
 * @throws the reason of `signal`, before any more is read
 */
export async function inlined(call: ModelCall, signal: AbortSignal): Promise<PreparedCall> {
  const files = call.prompt.flatMap((message) => (message.role === 'user' ? message.content.flatMap(fileIn) : []));
  const [first] = files;
  if (!first) return { call, release: () => undefined };
  const release = await first.toSend(COPIES * files.reduce((sum, { size }) => sum + size, 0), signal);
  try {
    const prompt: Message[] = [];
    for (const message of call.prompt)
      prompt.push(message.role === 'user' ? await inlinedMessage(message, signal) : message);
    return { call: { ...call, prompt }, release };
  } catch (error) {
    release();
    throw error;
  }
}

type Part = UserMessage['content'][number];

function fileIn(part: Part): StoredBytes[] {
  const stored = part.type !== 'text' && part.data.type === 'base64' ? storedIn(part.data.data) : undefined;
  return stored ? [stored] : [];
}

async function inlinedMessage(message: UserMessage, signal: AbortSignal): Promise<UserMessage> {
  const content: Part[] = [];
  for (const part of message.content) {
    signal.throwIfAborted();
    const [stored] = fileIn(part);
    if (!stored || part.type === 'text') content.push(part);
    else content.push({ ...part, data: { type: 'base64', data: (await wholeOf(stored)).toString('base64') } });
  }
  return { ...message, content };
}
