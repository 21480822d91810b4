import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

/** One message of the stream: its headers by name, those that are text, and its content. */
export interface EventStreamMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** The length of the message and of its headers, and their checksum. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** What AWS allows for a payload (16 MiB) and for headers (128 KiB), and some. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

/** The bytes of a header's value by its type; undefined for those that begin with their length. */
const VALUE_BYTES: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const TEXT_TYPE = 7;

/**
 * Reads `application/vnd.amazon.eventstream` (https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html) and yields the
 * messages that each network chunk completed, together. Our own reader, because that of the SDK costs ten times as much per token
 * and its codec twice as much. A message that was cut off at the end is lost, which the reader of the answer notices.
 * @throws Error with the code `ERR_FRAME_BROKEN` for anything else than such messages
 */
export async function* eventStream(body: Readable): AsyncGenerator<readonly EventStreamMessage[], void, undefined> {
  const pending = new PendingBytes();
  // Leaving the loop must not destroy the body: its reader decides whether the connection stays open.
  const chunks: AsyncIterable<Buffer> = body.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    pending.push(chunk);
    const messages: EventStreamMessage[] = [];
    try {
      for (let bytes = pending.shift(); bytes; bytes = pending.shift()) messages.push(parseMessage(bytes));
    } catch (error) {
      // What came before in the same chunk was said.
      yield messages;
      throw error;
    }
    if (messages.length > 0) yield messages;
  }
}

/** What has come in and is not a whole message yet. It is put together once for each message, not once for each chunk. */
class PendingBytes {
  #chunks: Buffer[] = [];
  #length = 0;
  /** What the next message has at least: its prelude, then its length. */
  #wanted = PRELUDE_BYTES;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The next message, once it is complete. */
  shift(): Buffer | undefined {
    if (this.#length < this.#wanted) return undefined;
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    this.#wanted = lengthOf(bytes);
    if (this.#length < this.#wanted) return undefined;
    const message = bytes.subarray(0, this.#wanted);
    this.#length -= this.#wanted;
    this.#chunks = this.#length > 0 ? [bytes.subarray(this.#wanted)] : [];
    this.#wanted = PRELUDE_BYTES;
    return message;
  }
}

/** Checked as soon as it is there: a broken length must not make us wait for gigabytes. */
function lengthOf(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  const headers = bytes.readUInt32BE(4);
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw broken('a prelude with a wrong checksum');
  if (length > MAX_MESSAGE_BYTES || PRELUDE_BYTES + headers + CHECKSUM_BYTES > length) throw broken('a wrong length');
  return length;
}

function parseMessage(bytes: Buffer): EventStreamMessage {
  const end = bytes.length - CHECKSUM_BYTES;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) throw broken('a message with a wrong checksum');
  const start = PRELUDE_BYTES + bytes.readUInt32BE(4);
  return { headers: parseHeaders(bytes.subarray(PRELUDE_BYTES, start)), payload: bytes.subarray(start, end) };
}

function parseHeaders(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < bytes.length;) {
    const name = bytes.toString('latin1', at + 1, at + 1 + bytes.readUInt8(at));
    at += 1 + name.length;
    const type = bytes.readUInt8(at++);
    if (type >= VALUE_BYTES.length) throw broken(`a header of the unknown type ${type}`);
    const length = VALUE_BYTES[type] ?? bytes.readUInt16BE(at);
    if (VALUE_BYTES[type] === undefined) at += 2;
    if (type === TEXT_TYPE) headers[name] = bytes.toString('utf8', at, at + length);
    at += length;
  }
  return headers;
}

function broken(what: string): Error {
  return Object.assign(new Error(`the event stream has ${what}`), { code: 'ERR_FRAME_BROKEN' });
}
