const INT32 = 4;
/** The first message of a connection; others without a type (for TLS, say) may come before it. */
const STARTUP_CODE = 196_608;
const QUERY = 'Q'.charCodeAt(0);
const PARSE = 'P'.charCodeAt(0);
const BIND = 'B'.charCodeAt(0);

/**
 * Reads what a client writes to Postgres and tells of every statement that it has carried out, prepared or not, by its
 * text. See "Message Formats" in the manual of Postgres.
 */
export class StatementReader {
  private rest: Buffer = Buffer.alloc(0);
  private isStarted = false;
  private readonly prepared = new Map<string, string>();

  constructor(private readonly onStatement: (text: string) => void) {}

  push(chunk: Uint8Array): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : bufferOf(chunk);
    let offset = 0;
    for (let next = this.endOf(bytes, offset); next <= bytes.length; next = this.endOf(bytes, offset)) {
      this.message(bytes, offset, next);
      offset = next;
    }
    this.rest = bytes.subarray(offset);
  }

  /** Infinity while the length is not there yet. */
  private endOf(bytes: Buffer, offset: number): number {
    const lengthAt = offset + (this.isStarted ? 1 : 0);
    return bytes.length < lengthAt + INT32 ? Infinity : lengthAt + bytes.readInt32BE(lengthAt);
  }

  private message(bytes: Buffer, offset: number, end: number): void {
    if (!this.isStarted) {
      this.isStarted = bytes.readInt32BE(offset + INT32) === STARTUP_CODE;
      return;
    }
    const type = bytes[offset];
    if (type !== QUERY && type !== PARSE && type !== BIND) return;
    const [first, second] = twoStrings(bytes, offset + 1 + INT32, end);
    if (type === PARSE) this.prepared.set(first, second);
    else this.onStatement(type === QUERY ? first : (this.prepared.get(second) ?? second));
  }
}

const bufferOf = (chunk: Uint8Array): Buffer =>
  Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

function twoStrings(bytes: Buffer, offset: number, end: number): [string, string] {
  const middle = bytes.indexOf(0, offset);
  const last = bytes.indexOf(0, middle + 1);
  return [
    bytes.toString('utf8', offset, middle),
    last < 0 || last >= end ? '' : bytes.toString('utf8', middle + 1, last),
  ];
}
