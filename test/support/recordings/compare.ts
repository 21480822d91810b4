import { expect } from 'vitest';
import type { Warning } from '../../../libs/providers/src/spec/stream-part.js';
import { faultsOf } from '../../../libs/providers/src/testing/well-formed.js';
import { Body } from './body.js';
import { citedNames } from './citations.js';
import type { Expected, ExpectedCall, ExpectedFailure } from './expected.js';
import { imagesOf } from './images.js';
import type { Outcome } from './outcome.js';
import type { Recording } from './recording.js';
import { countedUsage, expectedUsage } from './usage.js';
import { RECORDED_KEY } from './wires.js';

// What came of a call and what its recording expects, in the same words: `expect(observed(…)).toEqual(wanted(…))`.

/** Calls that the server left without an id get one of ours, which looks like none of a server's. */
const MADE_ID: unknown = expect.stringMatching(/^(call|toolu)_[0-9a-f]{32}$/);

/** A recording with the error that it must end in, if it must. */
export interface Case {
  readonly recording: Recording;
  readonly failure: ExpectedFailure | undefined;
}

/** What came of a call, as far as its recording expects anything of it. */
export function observed(outcome: Outcome, { recording, failure }: Case): object {
  return failure ? failed(outcome, recording, failure) : answered(outcome, recording);
}

/** What must have come of it; `known` by default the warnings that the recording expects. */
export function wanted(
  { recording, failure }: Case,
  known: readonly Warning[] = recording.expected.warnings ?? [],
): object {
  const warnings = [...known, ...(failure ? [] : unclearFinish(recording))];
  return failure ? wantedFailure(recording, failure, warnings) : wantedAnswer(recording, warnings);
}

/** Of an answer whose reason to end is none that anybody documents; text-generation-inference gives none without details. */
function unclearFinish({ expected, format }: Recording): Warning[] {
  const { finish, finish_reason: raw } = expected;
  if ((finish !== null && finish !== 'other') || (format === 'hf-tgi' && raw === null)) return [];
  return [{ code: 'unclear_finish', raw, detail: expect.any(String) as string }];
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
    ...content(outcome, recording),
    error: error?.message,
    finish: answer.finish,
    faults: faultsOf(parts),
  };
}

function wantedAnswer(recording: Recording, warnings: readonly Warning[]): object {
  const { finish } = recording.expected;
  return {
    ...wantedContent(recording, warnings),
    error: undefined,
    finish: { unified: finish ?? 'other', raw: reasonOf(recording) },
    faults: [],
  };
}

/** What came before the end or the error. */
function content(outcome: Outcome, recording: Recording): object {
  const { answer, parts } = outcome;
  return {
    ...said(outcome),
    sources: answer.sources.map((source) => (source.type === 'url' ? source.url : source.filename)),
    usage: countedUsage(answer.usage, recording),
    warnings: answer.warnings,
    ...(recording.isOwn && {
      images: imagesOf(parts),
      replays: parts.flatMap((part) => (part.type === 'reasoning-replay' ? [part.reasoning.data] : [])),
    }),
    ...(recording.expected.sources && { sourceParts: answer.sources }),
  };
}

/** `images`, `replays` and `sources` are said by our own recordings only: nothing where they do not mention it. */
function wantedContent({ expected, format, isOwn }: Recording, warnings: readonly Warning[]): object {
  const { images = [], replays = [], sources } = expected;
  return {
    ...wantedSaid(expected),
    sources: expected.citations.flatMap((citation) => citedNames(citation, format)),
    usage: expectedUsage(expected.usage, format),
    warnings,
    ...(isOwn && { images, replays }),
    ...(sources && { sourceParts: sources }),
  };
}

/** The error, and what came before it. */
function failed(outcome: Outcome, recording: Recording, failure: ExpectedFailure): object {
  const { error, parts, answer } = outcome;
  const { retryable } = failure;
  return {
    ...(isLost(recording, failure)
      ? { isBeginning: recording.expected.text.startsWith(answer.text) }
      : content(outcome, recording)),
    code: error?.code,
    status: error?.status,
    holdsKey: error?.detail.includes(RECORDED_KEY),
    isFinished: parts.some(({ type }) => type === 'finish'),
    ...(recording.expected.status >= 400 && { retryAfterMs: error?.retryAfterMs }),
    ...(retryable !== undefined && { retryable: error?.retryable }),
  };
}

function wantedFailure(recording: Recording, failure: ExpectedFailure, warnings: readonly Warning[]): object {
  const { status } = recording.expected;
  const { code, retryable, retry_after_ms: wait } = failure;
  const isRefused = status >= 400;
  return {
    ...(isLost(recording, failure) ? { isBeginning: true } : wantedContent(recording, warnings)),
    code,
    status: isRefused ? status : undefined,
    holdsKey: false,
    isFinished: false,
    ...(isRefused && { retryAfterMs: wait ?? waitOf(recording.http.headers) }),
    ...(retryable !== undefined && { retryable }),
  };
}

/** Whether the expectation holds what stands behind a frame that nobody can read; ours end there. */
const isLost = ({ isOwn }: Recording, { code }: ExpectedFailure) => code === 'malformed_response' && !isOwn;

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

/** Expectations of real recordings have `stop` where an Ollama server ends without a reason. */
function reasonOf(recording: Recording): string | null {
  const { expected, format, isOwn } = recording;
  const isImplied = format === 'ollama-chat' && !isOwn && expected.finish_reason === 'stop';
  return isImplied ? new Body(recording).reason : expected.finish_reason;
}
