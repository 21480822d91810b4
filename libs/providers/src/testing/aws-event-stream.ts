import { crc32 } from 'node:zlib';

/** A message of AWS's event stream with headers of text, as its documents describe it; for what our reader reads. */
export function awsMessage(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const names = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const content = Buffer.from(payload);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + names.length + content.length, 0);
  prelude.writeUInt32BE(names.length, 4);
  const whole = Buffer.concat([prelude, checksum(prelude), names, content]);
  return Buffer.concat([whole, checksum(whole)]);
}

/** An event of Anthropic's Messages, as Bedrock streams it. */
export function bedrockEvent(event: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
  const headers = { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' };
  return awsMessage(headers, JSON.stringify({ bytes, p: 'abcdefgh' }));
}

/** An exception in mid-stream: `throttlingException`. */
export function bedrockException(type: string, exception: object): Buffer {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return awsMessage(headers, JSON.stringify(exception));
}

function header(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(3);
  length.writeUInt8(7, 0);
  length.writeUInt16BE(text.length, 1);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1'), length, text]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
