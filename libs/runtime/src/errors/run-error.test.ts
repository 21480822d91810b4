import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ErrorEvent } from '#chatkit';
import { errorEvent, operatorHint, type RunErrorCode, toRunErrorCode } from './run-error.js';

const SECRET = 'key sk-12345 of https://internal.example was refused';

// A record, so that a new code does not compile until this test defines, too, what each reader is shown.
const TOLD: Record<RunErrorCode, 'nothing' | 'the operator' | 'everybody'> = {
  'provider.bad_key': 'the operator',
  'provider.no_access': 'the operator',
  'provider.bad_request': 'the operator',
  'provider.model_unknown': 'everybody',
  'provider.context_too_long': 'everybody',
  'provider.content_filtered': 'everybody',
  'provider.rate_limited': 'everybody',
  'provider.overloaded': 'everybody',
  'provider.unavailable': 'nothing',
  'provider.timeout': 'everybody',
  'provider.stream_truncated': 'nothing',
  'provider.malformed_response': 'nothing',
  'provider.empty_response': 'nothing',
  'provider.module_failed': 'nothing',
  'provider.circuit_open': 'everybody',
  'provider.all_failed': 'nothing',
  'run.attempts_exhausted': 'nothing',
  'run.queue_timeout': 'everybody',
  'run.answer_too_large': 'everybody',
  'run.assistant': 'nothing',
  'run.assistant_says': 'nothing',
  'run.guardrail': 'nothing',
  'run.tool_interrupted': 'everybody',
  'run.too_many_turns': 'nothing',
  'run.deadline': 'everybody',
  'run.turn_too_large': 'everybody',
  'run.refused': 'everybody',
  'run.interrupted': 'everybody',
  'run.internal': 'nothing',
};
const DOCUMENTED = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8').split('\n');
const codes = Object.keys(TOLD) as RunErrorCode[];

describe('the error of a failed run', () => {
  it.each(codes)('%s is an event of the protocol and shows no cause to a user', (code) => {
    const event = errorEvent(code, SECRET, false);
    expect(ErrorEvent.parse(event)).toEqual(event);
    expect(JSON.stringify(event)).not.toContain('sk-12345');
    expect(event).toMatchObject({ code: TOLD[code] === 'everybody' ? 'custom' : 'stream.error' });
  });

  it.each(codes)('%s shows its cause and what to do to the developer, as the same kind of error', (code) => {
    const event = errorEvent(code, SECRET, true);
    const told = TOLD[code] === 'everybody' ? errorEvent(code, undefined, false).message : undefined;
    expect(event.message?.split('\n')).toEqual([...(told ? [told] : []), SECRET, operatorHint(code)]);
    expect(event.code).toBe(TOLD[code] === 'nothing' ? 'stream.error' : 'custom');
    expect(event.allow_retry).toBe(errorEvent(code, undefined, false).allow_retry);
  });

  it.each(codes)('%s has a hint for the operator, in a sentence that no user sees', (code) => {
    expect(operatorHint(code)).toMatch(/^[A-Z].{20,}\.$/);
    expect(JSON.stringify(errorEvent(code, SECRET, false))).not.toContain(operatorHint(code));
  });

  it.each([
    ['provider.rate_limited', true],
    ['provider.timeout', true],
    ['provider.content_filtered', false],
    ['provider.context_too_long', false],
    ['run.queue_timeout', true],
    ['run.answer_too_large', false],
    ['run.internal', true],
  ] as const)('%s offers another try: %s', (code, retry) => {
    expect(errorEvent(code, undefined, false).allow_retry).toBe(retry);
  });

  it.each(codes)('%s is in docs/errors.md with its texts and its hint', (code) => {
    const row = DOCUMENTED.find((line) => line.startsWith(`| \`${code}\``)) ?? '';
    expect(row).toContain(operatorHint(code));
    const { message = '', allow_retry } = { message: undefined, ...errorEvent(code, undefined, false) };
    expect([row.includes(message), row.includes('may try again')]).toEqual([true, allow_retry]);
  });

  it('is the same for the developer without a known cause', () => {
    expect(errorEvent('provider.bad_key', undefined, true)).toEqual(errorEvent('provider.bad_key', SECRET, false));
  });
});

describe('a code read back from a row', () => {
  it('is itself when it is known', () => {
    for (const code of codes) expect(toRunErrorCode(code)).toBe(code);
    expect(toRunErrorCode(null)).toBeNull();
  });

  it.each(['provider.from_the_future', '', 'toString', 'constructor', '__proto__'])(
    '%j is an unforeseen one',
    (value) => {
      expect(toRunErrorCode(value)).toBe('run.internal');
    },
  );
});
