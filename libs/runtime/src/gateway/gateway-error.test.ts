import { describe, expect, it } from 'vitest';
import { decodeGatewayError, encodeGatewayError, gatewayErrorOf } from './gateway-error.js';

const limited = { ...gatewayErrorOf('provider.rate_limited', undefined, false), retryAfterSeconds: 7 };

describe('a failure on its way to a caller of the gateway', () => {
  it('keeps its status and its wait, in a frame that is an OpenAI error chunk', () => {
    const frame = encodeGatewayError(limited);
    expect(decodeGatewayError(Buffer.from(frame))).toEqual({ ...limited, param: null });
    const [comment, data] = frame.split('\n');
    expect(comment?.startsWith(':')).toBe(true);
    expect(JSON.parse(data?.slice('data: '.length) ?? '')).toEqual({
      error: { message: limited.message, type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
    });
  });

  it('is not seen in an answer, whatever the answer says', () => {
    expect(
      decodeGatewayError(Buffer.from('data: {"choices":[{"delta":{"content":": error {}"}}]}\n\n')),
    ).toBeUndefined();
    expect(decodeGatewayError(Buffer.from('{"error":1}'))).toBeUndefined();
    expect(decodeGatewayError(Buffer.alloc(0))).toBeUndefined();
  });

  it('tells the cause to the developer of their own server, and of what the operator must fix alone', () => {
    expect(gatewayErrorOf('provider.bad_key', 'HTTP 401', true).message).toContain('HTTP 401');
    expect(gatewayErrorOf('provider.bad_key', 'HTTP 401', false).message).not.toContain('HTTP 401');
    expect(gatewayErrorOf('provider.content_filtered', 'the words', true).message).not.toContain('the words');
  });
});
