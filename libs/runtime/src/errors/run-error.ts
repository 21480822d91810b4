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
  | 'run.queue_timeout'
  | 'run.answer_too_large'
  | 'run.assistant'
  | 'run.assistant_says'
  | 'run.guardrail'
  | 'run.tool_interrupted'
  | 'run.too_many_turns'
  | 'run.refused'
  | 'run.interrupted'
  | 'run.internal';

/** Words for the person, and whether they may try again; the others have none, see {@link errorEvent}. */
type Told = { readonly message: string; readonly retry: boolean } | 'unforeseen' | 'operator';

interface RunErrorFacts {
  readonly told: Told;
  /** What the operator can do about it; stands in the log beside the cause. */
  readonly hint: string;
}

const BUSY: Told = { message: 'The model is busy right now. Please try again in a moment.', retry: true };

/**
 * What is said about each failure (design: what an error says). `unforeseen` is the protocol's error without text, which may
 * be tried again; `operator` too, unless the server runs for its own developer, who is shown the cause with the hint.
 */
const RUN_ERRORS: Record<RunErrorCode, RunErrorFacts> = {
  'provider.bad_key': {
    told: 'operator',
    hint: 'Set a valid API key for this provider, in its variable or in the config file, and start the worker again.',
  },
  'provider.no_access': {
    told: 'operator',
    hint: 'Check the account behind the key: its credit and quota, and whether it may use this model.',
  },
  'provider.bad_request': {
    told: 'operator',
    hint: 'Check the base URL, the extra headers and the settings of the model: the provider refuses the request as sent.',
  },
  'provider.model_unknown': {
    told: { message: 'The chosen model is not available. Please choose another one.', retry: false },
    hint: 'Name a model that the provider lists (GET /models), or one that its account may use.',
  },
  'provider.context_too_long': {
    told: {
      message: 'This conversation has become too long for the model. Please start a new chat.',
      retry: false,
    },
    hint: 'Lower historyItems of the assistant, shorten its instructions and documents, or use a model with a larger window.',
  },
  'provider.content_filtered': {
    told: { message: 'The model refused this message because of its content rules. Please rephrase it.', retry: false },
    hint: "Nothing to mend: the provider's content rules refused it. Where they are too strict, change them at the provider.",
  },
  'provider.rate_limited': {
    told: BUSY,
    hint: 'Ask the provider for a higher limit, lower WORKER_CONCURRENCY, or spread the load over more keys or providers.',
  },
  'provider.overloaded': {
    told: BUSY,
    hint: 'Nothing to mend here: the provider has too much to do. Its status page tells more; another model may answer.',
  },
  'provider.unavailable': {
    told: 'unforeseen',
    hint: "Check that the provider's address can be reached from the worker, and its status page.",
  },
  'provider.timeout': {
    told: { message: 'The model took too long to answer. Please try again.', retry: true },
    hint: 'Check the network and the load of the provider; a larger model or a longer prompt takes longer.',
  },
  'provider.stream_truncated': {
    told: 'unforeseen',
    hint: 'Look for a proxy or a load balancer that ends long answers, and for a provider that was started again.',
  },
  'provider.malformed_response': {
    told: 'unforeseen',
    hint: 'Check the base URL and the kind of the provider: what answers there speaks another format.',
  },
  'provider.empty_response': {
    told: 'unforeseen',
    hint: 'Try another model or a higher limit of output tokens: the provider has ended the answer without saying anything.',
  },
  'provider.all_failed': {
    told: 'unforeseen',
    hint: 'The detail has the last error of each provider that was tried: mend the first of them.',
  },
  'run.attempts_exhausted': {
    told: 'unforeseen',
    hint: 'Workers ended in the middle of this run each time: look for what ended them, such as too little memory.',
  },
  'run.queue_timeout': {
    told: { message: 'It took too long until somebody could answer. Please try again.', retry: true },
    hint: 'Start more workers or raise WORKER_CONCURRENCY; limits.maxQueueSeconds is how long a message may wait.',
  },
  'run.answer_too_large': {
    told: { message: 'The answer became too long and was stopped.', retry: false },
    hint: 'Limit the output tokens of the model, or what the assistant writes.',
  },
  'run.assistant': {
    told: 'unforeseen',
    hint: "The assistant's own code has sent an event that is not allowed here: the detail says which.",
  },
  // What the assistant said stands on the row beside the code.
  'run.assistant_says': { told: 'unforeseen', hint: "The assistant's own code has ended the turn with this error." },
  'run.guardrail': {
    told: 'unforeseen',
    hint: 'A guardrail of the assistant has stopped the turn: the detail says which.',
  },
  'run.tool_interrupted': {
    told: {
      message: 'The answer was interrupted while a tool was at work. Please check what it did before you try again.',
      retry: true,
    },
    hint: 'A worker ended while a tool ran that must not run twice: check what the tool has done.',
  },
  'run.too_many_turns': {
    told: 'unforeseen',
    hint: "The model called tools again and again without an answer: check what they return, and the assistant's limit.",
  },
  // What the hook said stands on the row beside the code.
  'run.refused': {
    told: { message: 'This request was refused.', retry: false },
    hint: 'A hook of yours (hooks in the config file) has refused the call: the detail says why.',
  },
  'run.interrupted': {
    told: { message: 'The answer was interrupted. Please try again.', retry: true },
    hint: 'A worker ended in the middle of an answer of the gateway, whose caller had seen a part of it: look for what ended it.',
  },
  'run.internal': {
    told: 'unforeseen',
    hint: 'Not foreseen: the detail and the log of the worker around this line tell more.',
  },
};

/** What the operator can do about a failure. */
export const operatorHint = (code: RunErrorCode): string => RUN_ERRORS[code].hint;

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
  const { told, hint } = RUN_ERRORS[code];
  if (told === 'operator' && showCause && detail) return customError(`${detail}\n${hint}`, true);
  return typeof told === 'string' ? streamError() : customError(told.message, told.retry);
}

/** Codes read back from a row that a newer or older version wrote. */
export function toRunErrorCode(value: string | null): RunErrorCode | null {
  if (value === null) return null;
  return Object.hasOwn(RUN_ERRORS, value) ? (value as RunErrorCode) : 'run.internal';
}
