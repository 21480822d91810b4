import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { awsMessage } from '../../../testing/aws-event-stream.js';
import { eventStream, type EventStreamMessage } from './event-stream.js';

const HEADERS = { ':message-type': 'event', ':event-type': 'chunk' };
const MESSAGE = awsMessage(HEADERS, '{"a":"ä"}');

/** What comes of these chunks, and how it ended. */
async function read(...chunks: Buffer[]) {
  const groups: string[][] = [];
  let failure: unknown;
  try {
    for await (const messages of eventStream(Readable.from(chunks))) groups.push(messages.map(contentOf));
  } catch (error) {
    failure = error;
  }
  return { groups, failure };
}

const contentOf = ({ payload }: EventStreamMessage): string => payload.toString();

function changed(at: number, message = MESSAGE): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

interface Codec {
  new (
    toUtf8: (bytes: Uint8Array) => string,
    fromUtf8: (text: string) => Uint8Array,
  ): {
    encode(message: { headers: object; body: Uint8Array }): Uint8Array;
  };
}

/** The one that the SDK brings, which is not ours to import. */
function codecOfTheSdk() {
  const sdk = createRequire(import.meta.url).resolve('@anthropic-ai/bedrock-sdk');
  const { EventStreamCodec } = createRequire(sdk)('@smithy/eventstream-codec') as { EventStreamCodec: Codec };
  return new EventStreamCodec(
    (bytes) => Buffer.from(bytes).toString(),
    (text) => Buffer.from(text),
  );
}

it("reads what AWS's codec writes, headers of every type among it", async () => {
  const text = { type: 'string', value: 'chunk' };
  const others = {
    yes: { type: 'boolean', value: true },
    no: { type: 'boolean', value: false },
    byte: { type: 'byte', value: 1 },
    short: { type: 'short', value: 1 },
    integer: { type: 'integer', value: 1 },
    binary: { type: 'binary', value: Buffer.from('abc') },
    timestamp: { type: 'timestamp', value: new Date(0) },
    uuid: { type: 'uuid', value: '01234567-89ab-cdef-0123-456789abcdef' },
  };
  const body = Buffer.from('{"a":"ä"}');
  const bytes = Buffer.from(codecOfTheSdk().encode({ headers: { ...others, ':event-type': text }, body }));
  for await (const [message] of eventStream(Readable.from([bytes]))) {
    expect(message?.headers).toEqual({ ':event-type': 'chunk' });
    expect(message && contentOf(message)).toBe('{"a":"ä"}');
  }
  expect(MESSAGE).toEqual(
    Buffer.from(
      codecOfTheSdk().encode({
        headers: Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name, { type: 'string', value }])),
        body,
      }),
    ),
  );
});

it('yields the messages that a chunk completed, together', async () => {
  const both = Buffer.concat([MESSAGE, awsMessage(HEADERS, 'b'), MESSAGE.subarray(0, 20)]);
  expect(await read(both, MESSAGE.subarray(20))).toEqual({ groups: [['{"a":"ä"}', 'b'], ['{"a":"ä"}']] });
});

it('reads them byte by byte', async () => {
  const bytes = [...MESSAGE, ...MESSAGE].map((byte) => Buffer.from([byte]));
  expect((await read(...bytes)).groups).toEqual([['{"a":"ä"}'], ['{"a":"ä"}']]);
});

it('drops a message that was cut off at the end', async () => {
  expect(await read(MESSAGE, MESSAGE.subarray(0, -1))).toEqual({ groups: [['{"a":"ä"}']] });
});

it.each([
  ['a length', changed(1)],
  ['the checksum of the prelude', changed(8)],
  ['a header', changed(15)],
  ['the payload', changed(MESSAGE.length - 6)],
  ['the checksum', changed(MESSAGE.length - 1)],
  ['everything: it is text', Buffer.from('data: {"type":"message_start"}\n\n')],
])('notices that %s is broken, and keeps what came before', async (_, broken) => {
  const { groups, failure } = await read(Buffer.concat([MESSAGE, broken]));
  expect(groups).toEqual([['{"a":"ä"}']]);
  expect(failure).toMatchObject({ code: 'ERR_FRAME_BROKEN' });
});

it.each([
  [0x7fff_ffff, 0],
  [20, 10],
])('refuses a message of %i bytes with headers of %i', async (length, headers) => {
  const { failure } = await read(withLengths(length, headers));
  expect(failure).toMatchObject({ message: 'the event stream has a wrong length' });
});

/** A prelude with a right checksum over wrong lengths. */
function withLengths(length: number, headers: number): Buffer {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(length, 0);
  prelude.writeUInt32BE(headers, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  return prelude;
}
