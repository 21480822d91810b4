import type { RunErrorCode } from '../errors/run-error.js';

/** A failure as the gateway's caller receives it: OpenAI's error object, and its HTTP status. */
export interface GatewayError {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly param?: string | null;
  /** For the `Retry-After` header: whole seconds, at least 1. */
  readonly retryAfterSeconds?: number | undefined;
}

/** OpenAI's error object. */
export const toErrorBody = ({ message, type, param = null, code }: GatewayError) => ({
  error: { message, type, param, code },
});

const server = (status: number, code: string, message: string): GatewayError => ({
  status,
  type: 'server_error',
  code,
  message,
});
const invalid = (status: number, code: string, message: string): GatewayError => ({
  status,
  type: 'invalid_request_error',
  code,
  message,
});

const PROVIDER_FAILED = server(502, 'provider_error', 'The provider of this model failed to answer.');
const OPERATOR = server(502, 'provider_error', 'The server cannot use the provider of this model right now.');
const INTERNAL = server(500, 'server_error', 'Something went wrong on the server.');

/** Total: a new code does not compile until it has a text for gateway callers. The caller's key is never at fault. */
const OF_RUN: Record<RunErrorCode, GatewayError> = {
  'provider.bad_key': OPERATOR,
  'provider.no_access': OPERATOR,
  'provider.bad_request': invalid(400, 'provider_rejected', 'The provider of this model refuses the request as sent.'),
  'provider.model_unknown': invalid(404, 'model_not_found', 'The model does not exist, or may not be used.'),
  'provider.context_too_long': invalid(400, 'context_length_exceeded', 'The messages do not fit into the model.'),
  'provider.content_filtered': invalid(400, 'content_filter', 'The model refuses the content of this request.'),
  'provider.rate_limited': {
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    message: 'The model gets too many requests right now. Please try again later.',
  },
  'provider.overloaded': server(503, 'overloaded', 'The model is busy right now. Please try again later.'),
  'provider.unavailable': server(503, 'provider_unavailable', 'The provider of this model cannot be reached.'),
  'provider.timeout': server(504, 'timeout', 'The model took too long to answer.'),
  'provider.stream_truncated': PROVIDER_FAILED,
  'provider.malformed_response': PROVIDER_FAILED,
  'provider.empty_response': PROVIDER_FAILED,
  'provider.module_failed': PROVIDER_FAILED,
  'provider.circuit_open': server(
    503,
    'provider_unavailable',
    'This model has failed repeatedly and is not asked now.',
  ),
  'provider.all_failed': server(503, 'all_providers_failed', 'No provider of this model could answer.'),
  'run.attempts_exhausted': server(503, 'interrupted', 'The server was interrupted before it could answer.'),
  'run.queue_timeout': server(503, 'queue_timeout', 'The server was too busy to answer in time.'),
  'run.answer_too_large': server(500, 'answer_too_large', 'The answer became too long and was stopped.'),
  'run.refused': { status: 403, type: 'permission_error', code: 'refused', message: 'The call was refused.' },
  'run.interrupted': server(503, 'interrupted', 'The answer was interrupted, and cannot be continued.'),
  'run.assistant': INTERNAL,
  'run.assistant_says': INTERNAL,
  'run.guardrail': INTERNAL,
  'run.tool_interrupted': INTERNAL,
  'run.too_many_turns': INTERNAL,
  'run.turn_too_large': server(500, 'answer_too_large', 'The answer did more than one call may do and was stopped.'),
  'run.deadline': server(504, 'timeout', 'The answer took too long and was stopped.'),
  'run.internal': INTERNAL,
};

/** For a completion that was not stopped by its caller: clients do not retry a 499, as they would a 5xx. */
export const CANCELLED: GatewayError = {
  status: 499,
  type: 'invalid_request_error',
  code: 'cancelled',
  message: 'The call was stopped.',
};

/** The run has ended, and its answer cannot be recovered. */
export const ANSWER_LOST = server(503, 'answer_lost', 'The answer was lost on its way.');

/** `showCause`: the server's only user is its developer, who is shown the causes that only an operator can fix. */
export function gatewayErrorOf(code: RunErrorCode, detail: string | undefined, showCause: boolean): GatewayError {
  const error = OF_RUN[code];
  const isForOperator = error.status >= 500 || code === 'provider.bad_request';
  return showCause && detail && isForOperator ? { ...error, message: `${error.message} ${detail}` } : error;
}

// The status and the wait are in an SSE comment, which clients skip; the API decodes them from the first frame.
const HEAD = ': error ';

/** Encodes a failure as a frame of the run's log: an OpenAI error chunk with its HTTP status. */
export function encodeGatewayError(error: GatewayError): string {
  const { status, retryAfterSeconds } = error;
  return `${HEAD}${JSON.stringify({ status, retryAfterSeconds })}\ndata: ${JSON.stringify(toErrorBody(error))}\n\n`;
}

/** Decodes the failure at the start of these frames; undefined when they are an answer, whose text is not read. */
export function decodeGatewayError(frames: Buffer): GatewayError | undefined {
  if (frames.toString('latin1', 0, HEAD.length) !== HEAD) return undefined;
  const [head = '', data = ''] = frames.toString('utf8').split('\n', 2);
  const { error } = JSON.parse(data.slice('data: '.length)) as ReturnType<typeof toErrorBody>;
  return { ...(JSON.parse(head.slice(HEAD.length)) as Pick<GatewayError, 'status'>), ...error };
}
