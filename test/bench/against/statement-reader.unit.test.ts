import { expect, it } from 'vitest';
import { StatementReader } from './statement-reader.js';

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const strings = (...texts: string[]): Buffer => Buffer.concat(texts.map((text) => Buffer.from(`${text}\0`)));
const untyped = (body: Buffer): Buffer => Buffer.concat([int32(body.length + 4), body]);
const message = (type: string, body: Buffer): Buffer => Buffer.concat([Buffer.from(type), untyped(body)]);

const tlsRequest = untyped(int32(80_877_103));
const startup = untyped(Buffer.concat([int32(196_608), strings('user', 'me', '')]));
const parse = (name: string, text: string): Buffer =>
  message('P', Buffer.concat([strings(name, text), Buffer.alloc(2)]));
const bind = (name: string): Buffer =>
  message('B', Buffer.concat([strings('', name), Buffer.from([0, 1, 0, 0, 0, 1])]));
const execute = message('E', Buffer.concat([strings(''), int32(0)]));
const sync = message('S', Buffer.alloc(0));
const query = (name: string): Buffer => Buffer.concat([bind(name), execute, sync]);

function read(chunks: readonly Uint8Array[]): string[] {
  const texts: string[] = [];
  const reader = new StatementReader((text) => texts.push(text));
  for (const chunk of chunks) reader.push(chunk);
  return texts;
}

const CONVERSATION = Buffer.concat([
  tlsRequest,
  startup,
  message('p', strings('secret')),
  message('Q', strings('BEGIN')),
  parse('one', 'SELECT $1'),
  query('one'),
  query('one'),
  parse('', 'SELECT 2'),
  query(''),
]);
const STATEMENTS = ['BEGIN', 'SELECT $1', 'SELECT $1', 'SELECT 2'];

it('names every statement that is carried out, prepared once or each time', () => {
  expect(read([CONVERSATION])).toEqual(STATEMENTS);
});

it('does not mind where the writes are cut', () => {
  expect(read([...CONVERSATION].map((byte) => Uint8Array.of(byte)))).toEqual(STATEMENTS);
});
