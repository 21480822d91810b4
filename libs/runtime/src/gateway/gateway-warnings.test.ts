import { expect, it } from 'vitest';
import { decodeGatewayWarnings, encodeGatewayWarnings } from './gateway-warnings.js';

const decoded = (warnings: readonly string[], answer: string) => {
  const { warnings: value, rest } = decodeGatewayWarnings(Buffer.from(encodeGatewayWarnings(warnings) + answer));
  return [value, rest.toString()];
};

it('warnings travel in front of the first frame, once each', () => {
  expect(decoded(['a: x', 'b', 'a: x'], 'data: {}\n\ndata: 2\n\n')).toEqual(['a: x; b', 'data: {}\n\ndata: 2\n\n']);
  expect(decoded([], '{"a":1}')).toEqual([undefined, '{"a":1}']);
});

it('a header is short, plain and one line', () => {
  const [value = ''] = decoded(['grün\r\nset-cookie: x\n\n', 'y'.repeat(5_000)], 'end');
  expect(value).toMatch(/^gr\?n\?set-cookie: x\?; y+$/);
  expect(value.length).toBeLessThanOrEqual(1_000);
});
