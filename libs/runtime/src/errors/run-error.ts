import { customError, type ErrorEvent, streamError } from '#chatkit';

/** Why a run failed; stored on its row. Closed: a new code does not compile until it has texts below. */
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
  | 'provider.module_failed'
  | 'provider.circuit_open'
  | 'provider.all_failed'
  | 'run.attempts_exhausted'
  | 'run.queue_timeout'
  | 'run.answer_too_large'
  | 'run.assistant'
  | 'run.assistant_says'
  | 'run.guardrail'
  | 'run.tool_interrupted'
  | 'run.too_many_turns'
  | 'run.deadline'
  | 'run.turn_too_large'
  | 'run.refused'
  | 'run.interrupted'
  | 'run.internal';

/** The text for the user, and whether they may try again; the others have no text, see {@link errorEvent}. */
type Told = { readonly message: string; readonly retry: boolean } | 'unforeseen' | 'operator';

interface RunErrorFacts {
  readonly told: Told;
  /** How the operator can fix it; logged with the cause. */
  readonly hint: string;
}

const BUSY: Told = { message: 'The model is busy right now. Please try again in a moment.', retry: true };

/**
 * The texts of each failure. `unforeseen` is the protocol's error without a text, and allows a retry; so does
 * `operator`, which only the operator can fix.
 */
const RUN_ERRORS: Record<RunErrorCode, RunErrorFacts> = {
  'provider.bad_key': {
    told: 'operator',
    hint: 'Set a valid API key for this provider, in its variable or in the config file, and restart the worker.',
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
    hint: 'Lower historyItems of the assistant, shorten its instructions and documents, or use a model with a larger context window.',
  },
  'provider.content_filtered': {
    told: { message: 'The model refused this message because of its content rules. Please rephrase it.', retry: false },
    hint: "Nothing to fix: the provider's content rules refused it. If they are too strict, change them at the provider.",
  },
  'provider.rate_limited': {
    told: BUSY,
    hint: 'Ask the provider for a higher limit, lower WORKER_CONCURRENCY, or spread the load over more keys or providers.',
  },
  'provider.overloaded': {
    told: BUSY,
    hint: 'Nothing to fix here: the provider is overloaded. See its status page; another model may be available.',
  },
  'provider.unavailable': {
    told: 'unforeseen',
    hint: "Check that the worker can reach the provider's address, and see the provider's status page.",
  },
  'provider.timeout': {
    told: { message: 'The model took too long to answer. Please try again.', retry: true },
    hint: 'Check the network and the load of the provider; a larger model or a longer prompt takes longer.',
  },
  'provider.stream_truncated': {
    told: 'unforeseen',
    hint: 'Look for a proxy or a load balancer that ends long answers, and for a provider that was restarted.',
  },
  'provider.malformed_response': {
    told: 'unforeseen',
    hint: 'Check the base URL and the kind of the provider: the server there answers in another format.',
  },
  'provider.empty_response': {
    told: 'unforeseen',
    hint: 'Try another model or a higher limit of output tokens: the provider ended the answer without any content.',
  },
  'provider.module_failed': {
    told: 'unforeseen',
    hint: "The code of your provider's module failed: the log has the place in it, and the detail what it said.",
  },
  // How long it takes, and why, is stored on the row.
  'provider.circuit_open': {
    told: { message: 'This model does not answer at the moment. Please try again in a moment.', retry: true },
    hint: 'Fix what the provider said last. After that the model answers by itself within 30 s, or at once when its circuit breaker is closed by hand.',
  },
  'provider.all_failed': {
    told: 'unforeseen',
    hint: 'The detail has the last error of each provider that was tried: fix the first of them.',
  },
  'run.attempts_exhausted': {
    told: 'unforeseen',
    hint: 'A worker died in the middle of this run each time: look for the cause, such as too little memory.',
  },
  'run.queue_timeout': {
    told: { message: 'The server was too busy to answer in time. Please try again.', retry: true },
    hint: 'Start more workers or raise WORKER_CONCURRENCY; limits.maxQueueSeconds is how long a message may wait.',
  },
  'run.answer_too_large': {
    told: { message: 'The answer became too long and was stopped.', retry: false },
    hint: 'Limit the output tokens of the model, or what the assistant writes.',
  },
  'run.assistant': {
    told: 'unforeseen',
    hint: "The assistant's own code sent an event that is not allowed here: the detail says which.",
  },
  // The assistant's own text is stored on the row, with the code.
  'run.assistant_says': { told: 'unforeseen', hint: "The assistant's own code ended the turn with this error." },
  'run.guardrail': {
    told: 'unforeseen',
    hint: 'A guardrail of the assistant stopped the turn: the detail says which.',
  },
  'run.tool_interrupted': {
    told: {
      message: 'The answer was interrupted while a tool was running. Please check what it did before you try again.',
      retry: true,
    },
    hint: 'A worker died while it ran a tool that must not run twice: check what the tool has done.',
  },
  'run.too_many_turns': {
    told: 'unforeseen',
    hint: "The model called tools again and again without an answer: check what they return, and the assistant's limit.",
  },
  'run.deadline': {
    told: { message: 'The answer took too long and was stopped. Please try again.', retry: true },
    hint: 'Look for a tool, a hook or code of the assistant that does not end, or raise deadlines.runMs in the config file.',
  },
  'run.turn_too_large': {
    told: { message: 'The answer did more than one turn may do and was stopped.', retry: true },
    hint: 'The model, a tool or the code of the assistant went beyond a bound: the detail says which.',
  },
  // The hook's own text is stored on the row, with the code.
  'run.refused': {
    told: { message: 'This request was refused.', retry: false },
    hint: 'One of your hooks (hooks in the config file) refused the model call: the detail says why.',
  },
  'run.interrupted': {
    told: { message: 'The answer was interrupted. Please try again.', retry: true },
    hint: 'A worker died in the middle of an answer of the gateway, of which the caller had received a part: look for the cause.',
  },
  'run.internal': {
    told: 'unforeseen',
    hint: 'Unexpected: see the detail, and the log of the worker around this line.',
  },
};

/** How the operator can fix a failure. */
export const operatorHint = (code: RunErrorCode): string => RUN_ERRORS[code].hint;

/**
 * The single `error` event of a failed run [ER-5] [ER-6]. `showCause` is for a server whose only user is its developer: a
 * message then tells the cause and what to do about it, each on a line of its own. `userError` is the text for the user where
 * the code alone does not say it, such as the assistant's own, and takes precedence.
 */
export function errorEvent(
  code: RunErrorCode,
  detail: string | undefined,
  showCause: boolean,
  userError?: ErrorEvent,
): ErrorEvent {
  const { told, hint } = RUN_ERRORS[code];
  const causes = showCause && detail ? [detail, hint] : [];
  if (userError && !(code === 'provider.circuit_open' && causes.length > 0)) return userError;
  if (typeof told === 'object')
    return customError([userError?.message ?? told.message, ...causes].join('\n'), told.retry);
  if (causes.length === 0) return streamError();
  const message = causes.join('\n');
  // A code that a client knows stays what it is; that it has its own text for it does not matter to the others.
  return told === 'operator' ? customError(message, true) : { ...streamError(), message };
}

/** Codes read back from a row that a newer or older version wrote. */
export function toRunErrorCode(value: string | null): RunErrorCode | null {
  if (value === null) return null;
  return Object.hasOwn(RUN_ERRORS, value) ? (value as RunErrorCode) : 'run.internal';
}
