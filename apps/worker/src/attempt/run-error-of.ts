import { StreamError } from '#chatkit';
import { HookRefusal, ProviderError, type ProviderErrorCode } from '#providers';
import { LogCeilingError, type RunErrorCode } from '#runtime';

import { TooManyTurnsError } from '../answer/too-many-turns-error.js';
import { AnswerInterruptedError, UnsupportedError } from '../gateway/completion-errors.js';
import { AssistantEventError } from '../output/assistant-event-error.js';
import { GuardrailTrippedError } from '../turn/guardrails.js';
import { ToolInterruptedError } from '../turn/tool-interrupted-error.js';

/** Total: a new provider error does not compile until it has a place on the run's row. */
const FROM_PROVIDER: Record<ProviderErrorCode, RunErrorCode> = {
  bad_key: 'provider.bad_key',
  no_access: 'provider.no_access',
  bad_request: 'provider.bad_request',
  model_unknown: 'provider.model_unknown',
  context_too_long: 'provider.context_too_long',
  content_filtered: 'provider.content_filtered',
  rate_limited: 'provider.rate_limited',
  overloaded: 'provider.overloaded',
  unavailable: 'provider.unavailable',
  timeout: 'provider.timeout',
  stream_truncated: 'provider.stream_truncated',
  malformed_response: 'provider.malformed_response',
  empty_response: 'provider.empty_response',
  all_failed: 'provider.all_failed',
};

const OURS: readonly (readonly [new (...args: never[]) => Error, RunErrorCode])[] = [
  [LogCeilingError, 'run.answer_too_large'],
  [StreamError, 'run.assistant_says'],
  [GuardrailTrippedError, 'run.guardrail'],
  [ToolInterruptedError, 'run.tool_interrupted'],
  [TooManyTurnsError, 'run.too_many_turns'],
  [AssistantEventError, 'run.assistant'],
  [HookRefusal, 'run.refused'],
  [AnswerInterruptedError, 'run.interrupted'],
  [UnsupportedError, 'provider.bad_request'],
];

/** What a failure is called on the run's row, and what the operator reads beside it. */
export function runErrorOf(error: unknown): { readonly errorCode: RunErrorCode; readonly errorDetail: string } {
  if (error instanceof ProviderError) return { errorCode: FROM_PROVIDER[error.code], errorDetail: error.message };
  const errorDetail = error instanceof Error ? error.message : String(error);
  return { errorCode: OURS.find(([kind]) => error instanceof kind)?.[1] ?? 'run.internal', errorDetail };
}
