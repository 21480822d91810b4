import { expect, it } from 'vitest';
import { secretsHidden, secretsIn } from './log-secrets.js';

const hide = secretsHidden([]);

it.each([
  [`{"detail":"sent Authorization: Bearer abc.def-123456"}`, 'abc.def-123456'],
  [`{"url":"postgresql://chatkit:p4ssw0rd@db:5432/x"}`, 'p4ssw0rd'],
  [`{"url":"https://host/files/1?expires=5&signature=c0ffee11"}`, 'c0ffee11'],
  [`{"url":"wss://host/?api-key=c0ffee11#top"}`, 'c0ffee11'],
  [`{"a":{"b":{"x-api-key":"c0ffee11"}}}`, 'c0ffee11'],
  [String.raw`{"data":"{\"api_key\": \"c0ffee11\",\"n\":1}"}`, 'c0ffee11'],
  [`{"msg":"key ckr_0123456789abcdef0123456789abcdef"}`, 'ckr_0123456789abcdef0123456789abcdef'],
  [`{"msg":"sk-proj-0123456789abcdef"}`, 'sk-proj-0123456789abcdef'],
])('takes out what is formed like a secret: %s', (line, secret) => {
  const safe = hide(line);
  expect(safe).not.toContain(secret);
  expect(safe).toContain('[secret]');
  expect(() => JSON.parse(safe) as unknown).not.toThrow();
});

it('leaves a usual line alone', () => {
  const line = `{"usage":{"inputTokens":12},"keyId":"key_1","path":"/chatkit","token":7,"detail":"a token=limit"}`;
  expect(hide(line)).toBe(line);
});

it('knows the values of secret settings: each of a list, within JSON and within URLs, and passwords of URLs', () => {
  const values = secretsIn({
    SECRETS_KEY: 'first/secret+1,second"secret2',
    DATABASE_URL: 'postgresql://u:p%40ss-w0rd@host/db',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=0tlp-team-key,x-other=1',
    providers: [{ apiKey: 'k3y-of-a-file', apiKeys: ['n0-1-of-two'], headers: { 'X-Api-Key': 'h3ader-key' } }],
  });
  const line = JSON.stringify({
    said: 'first/secret+1 second"secret2 p@ss-w0rd k3y-of-a-file n0-1-of-two h3ader-key 0tlp-team-key first%2Fsecret%2B1',
  });
  expect(JSON.parse(secretsHidden(values)(line))).toEqual({
    said: Array.from({ length: 8 }, () => '[secret]').join(' '),
  });
});

it('takes no word for a secret', () => {
  expect(secretsHidden(secretsIn({ promptKey: 'messages', apiKey: 'short' }))('messages short')).toBe('messages short');
});
