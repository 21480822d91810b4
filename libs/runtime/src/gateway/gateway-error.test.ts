import { describe, expect, it } from 'vitest';
import { decodeGatewayError, encodeGatewayError, gatewayErrorOf } from './gateway-error.js';

const limited = { ...gatewayErrorOf('provider.rate_limited', undefined, false), retryAfterSeconds: 7 };

describe('a failure in the frames for a gateway caller', () => {
  it('preserves its status and its wait, in a frame that is an OpenAI error chunk', () => {
    const frame = encodeGatewayError(limited);
    expect(decodeGatewayError(Buffer.from(frame))).toEqual({ ...limited, param: null });
    const [comment, data] = frame.split('\n');
    expect(comment?.startsWith(':')).toBe(true);
    expect(JSON.parse(data?.slice('data: '.length) ?? '')).toEqual({
      error: { message: limited.message, type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
    });
  });

  it('is not read from the text of an answer', () => {
    expect(
      decodeGatewayError(Buffer.from('data: {"choices":[{"delta":{"content":": error {}"}}]}\n\n')),
    ).toBeUndefined();
    expect(decodeGatewayError(Buffer.from('{"error":1}'))).toBeUndefined();
    expect(decodeGatewayError(Buffer.alloc(0))).toBeUndefined();
  });

  it('shows its cause to the developer of their own server, when only the operator can fix it', () => {
    expect(gatewayErrorOf('provider.bad_key', 'HTTP 401', true).message).toContain('HTTP 401');
    expect(gatewayErrorOf('provider.bad_key', 'HTTP 401', false).message).not.toContain('HTTP 401');
    expect(gatewayErrorOf('provider.content_filtered', 'the words', true).message).not.toContain('the words');
  });
});
