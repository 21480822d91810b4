import { customError, type ErrorEvent, streamError } from '#chatkit';

/** Why a run failed, kept on its row. Closed: a new code does not compile until it has words below. */
export type RunErrorCode =
  | 'provider.bad_key'
  | 'provider.no_access'
  | 'provider.bad_request'
  | 'provider.model_unknown'
  | 'provider.context_too_long'
  | 'provider.content_filtered'
  | 'provider.rate_limited'
  | 'provider.overloaded'
  | 'provider.unavailable'
  | 'provider.timeout'
  | 'provider.stream_truncated'
  | 'provider.malformed_response'
  | 'provider.empty_response'
  | 'provider.all_failed'
  | 'run.attempts_exhausted'
  | 'run.answer_too_large'
  | 'run.assistant'
  | 'run.assistant_says'
  | 'run.guardrail'
  | 'run.tool_interrupted'
  | 'run.too_many_turns'
  | 'run.internal';

type Wording = { readonly message: string; readonly retry: boolean } | 'unforeseen' | 'operator';

/**
 * What the user is told (design: what an error says). `unforeseen` is the protocol's error without text; `operator`
 * too, unless the server runs for its own developer, who is shown the cause.
 */
const WORDING: Record<RunErrorCode, Wording> = {
  'provider.bad_key': 'operator',
  'provider.no_access': 'operator',
  'provider.bad_request': 'operator',
  'provider.model_unknown': { message: 'The chosen model is not available. Please choose another one.', retry: false },
  'provider.context_too_long': {
    message: 'This conversation has become too long for the model. Please start a new chat.',
    retry: false,
  },
  'provider.content_filtered': {
    message: 'The model refused this message because of its content rules. Please rephrase it.',
    retry: false,
  },
  'provider.rate_limited': { message: 'The model is busy right now. Please try again in a moment.', retry: true },
  'provider.overloaded': { message: 'The model is busy right now. Please try again in a moment.', retry: true },
  'provider.unavailable': 'unforeseen',
  'provider.timeout': { message: 'The model took too long to answer. Please try again.', retry: true },
  'provider.stream_truncated': 'unforeseen',
  'provider.malformed_response': 'unforeseen',
  'provider.empty_response': 'unforeseen',
  'provider.all_failed': 'unforeseen',
  'run.attempts_exhausted': 'unforeseen',
  'run.answer_too_large': { message: 'The answer became too long and was stopped.', retry: false },
  'run.assistant': 'unforeseen',
  // What the assistant said stands on the row beside the code.
  'run.assistant_says': 'unforeseen',
  'run.guardrail': 'unforeseen',
  'run.tool_interrupted': {
    message: 'The answer was interrupted while a tool was at work. Please check what it did before you try again.',
    retry: true,
  },
  'run.too_many_turns': 'unforeseen',
  'run.internal': 'unforeseen',
};

/**
 * The one `error` event of a failed run (ER-5, ER-6). `showCause` is for a server whose only user is its developer;
 * `userError` is what the assistant itself told the user, and goes before every wording.
 */
export function errorEvent(
  code: RunErrorCode,
  detail: string | undefined,
  showCause: boolean,
  userError?: ErrorEvent,
): ErrorEvent {
  if (userError) return userError;
  const wording = WORDING[code];
  if (wording === 'operator' && showCause && detail) return customError(detail, true);
  return typeof wording === 'string' ? streamError() : customError(wording.message, wording.retry);
}

/** Codes read back from a row that a newer or older version wrote. */
export function toRunErrorCode(value: string | null): RunErrorCode | null {
  if (value === null) return null;
  return Object.hasOwn(WORDING, value) ? (value as RunErrorCode) : 'run.internal';
}
