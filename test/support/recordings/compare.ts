import { expect } from 'vitest';
import type { Warning } from '../../../libs/providers/src/spec/stream-part.js';
import { faultsOf } from '../../../libs/providers/src/testing/well-formed.js';
import { citedNames } from './citations.js';
import type { Expected, ExpectedCall, ExpectedFailure, Format } from './expected.js';
import { imagesOf } from './images.js';
import type { Outcome } from './outcome.js';
import type { Recording } from './recording.js';
import { countedUsage, expectedUsage } from './usage.js';
import { RECORDED_KEY } from './wires.js';

// What came of a call and what its recording expects, in the same words: `expect(observed(…)).toEqual(wanted(…))`.

/** Calls that the server left without an id get one of ours. */
const MADE_ID: unknown = expect.stringMatching(/^call_./);

/** A recording with the error that it must end in, if it must. */
export interface Case {
  readonly recording: Recording;
  readonly failure: ExpectedFailure | undefined;
}

/** What came of a call, as far as its recording expects anything of it. */
export function observed(outcome: Outcome, { recording, failure }: Case): object {
  return failure ? failed(outcome, recording, failure) : answered(outcome, recording);
}

/** What must have come of it; `warnings` by default those that the recording expects. */
export function wanted(
  { recording, failure }: Case,
  warnings: readonly Warning[] = recording.expected.warnings ?? [],
): object {
  const { expected } = recording;
  return failure
    ? wantedFailure(recording, failure)
    : { ...wantedAnswer(recording), warnings, faults: [], ...wantedMore(expected, recording) };
}

/** All that can be said of an answer whose last frames are missing: text, thoughts and calls. */
export function said({ answer }: Outcome): object {
  const { text, reasoning, toolCalls } = answer;
  const calls = toolCalls.map(({ callId, name, arguments: raw }) => ({ callId, name, arguments: parsed(raw) }));
  return { text, reasoning, calls };
}

/** What {@link said} must say. A refusal is the answer, in other words; Cohere's plan is a thought. */
export function wantedSaid({
  text,
  refusal = '',
  reasoning,
  tool_plan: plan = '',
  tool_calls: calls,
}: Expected): object {
  const offered = calls.filter(({ kind }) => kind === undefined);
  return { text: text + refusal, reasoning: plan + reasoning, calls: offered.map(wantedCall) };
}

function answered(outcome: Outcome, recording: Recording): object {
  const { answer, error, parts } = outcome;
  return {
    ...said(outcome),
    error: error?.message,
    finish: finishOf(outcome, recording.format),
    sources: answer.sources.map((source) => (source.type === 'url' ? source.url : source.filename)),
    usage: countedUsage(answer.usage, recording),
    warnings: answer.warnings,
    faults: faultsOf(parts),
    ...(recording.isOwn && {
      images: imagesOf(parts),
      replays: parts.flatMap((part) => (part.type === 'reasoning-replay' ? [part.reasoning.data] : [])),
    }),
    ...(recording.expected.sources && { sourceParts: answer.sources }),
  };
}

function wantedAnswer({ expected, format }: Recording): object {
  return {
    ...wantedSaid(expected),
    error: undefined,
    finish: { unified: expected.finish ?? 'other', raw: expected.finish_reason },
    sources: expected.citations.flatMap((citation) => citedNames(citation, format)),
    usage: expectedUsage(expected.usage, format),
  };
}

/** What only our own recordings say: nothing where they do not mention it. */
function wantedMore({ images = [], replays = [], sources }: Expected, { isOwn }: Recording): object {
  return { ...(isOwn && { images, replays }), ...(sources && { sourceParts: sources }) };
}

/** The error, and what came before it in a stream. What stands behind a frame that nobody can read is lost. */
function failed(outcome: Outcome, { expected }: Recording, { code, retryable }: ExpectedFailure): object {
  const { error } = outcome;
  return {
    code: error?.code,
    status: error?.status,
    holdsKey: error?.detail.includes(RECORDED_KEY),
    ...(expected.status >= 400 && { retryAfterMs: error?.retryAfterMs }),
    ...(retryable !== undefined && { retryable: error?.retryable }),
    ...(expected.stream && code !== 'malformed_response' && { said: said(outcome) }),
  };
}

function wantedFailure(
  { expected, http }: Recording,
  { code, retryable, retry_after_ms: wait }: ExpectedFailure,
): object {
  const isRefused = expected.status >= 400;
  return {
    code,
    status: isRefused ? expected.status : undefined,
    holdsKey: false,
    ...(isRefused && { retryAfterMs: wait ?? waitOf(http.headers) }),
    ...(retryable !== undefined && { retryable }),
    ...(expected.stream && code !== 'malformed_response' && { said: wantedSaid(expected) }),
  };
}

/** In seconds or milliseconds; dates are not recorded. */
function waitOf(headers: Readonly<Record<string, string>>): number | undefined {
  const { 'retry-after-ms': milliseconds, 'retry-after': seconds } = headers;
  if (Number(milliseconds) > 0) return Number(milliseconds);
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function wantedCall({ id, name, arguments: given, arguments_raw: raw, arguments_invalid: cut }: ExpectedCall): object {
  return { callId: id ?? MADE_ID, name, arguments: cut ? raw : given };
}

/** As it is where it is no JSON, because the answer was cut off. */
function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw || '{}');
  } catch {
    return raw;
  }
}

/** Expectations have `stop` where an Ollama server ends without a reason; to us that is none. */
function finishOf({ answer: { finish } }: Outcome, format: Format): object {
  const unsaid = format === 'ollama-chat' && finish.raw === null && finish.unified === 'stop';
  return unsaid ? { ...finish, raw: 'stop' } : finish;
}
