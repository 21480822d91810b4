import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type AppErrorCode, isUnavailable, type Logger, toErrorBody } from '#runtime';
import { isGatewayPath, toGatewayError } from './openai-error.js';

/** Total: a new refusal does not compile until it has a status. */
const STATUS: Record<AppErrorCode, number> = {
  'request.invalid': 400,
  'request.unknown_type': 400,
  'request.too_large': 413,
  'auth.required': 401,
  'origin.refused': 403,
  'thread.not_found': 404,
  'item.not_found': 404,
  'item.wrong_kind': 400,
  'turn.open': 409,
  'idempotency.conflict': 409,
  'limit.user': 429,
  'limit.tenant': 429,
  'limit.server': 503,
  'tool_call.not_pending': 409,
  'form.not_pending': 409,
  'attachment.not_found': 404,
  'attachment.too_large': 413,
  'attachment.already_uploaded': 409,
  'assistant.not_found': 404,
  'feature.not_configured': 501,
  'call.timeout': 504,
  'call.failed': 500,
  'cursor.not_found': 404,
  'run.not_found': 404,
  'model.unknown': 422,
  'service.unavailable': 503,
};

/** When it is worth trying again: an outage is over when it is over, a line of people moves on. */
const RETRY_AFTER_SECONDS: Readonly<Record<number, number>> = { 429: 5, 503: 2 };
const AWAY = new AppError('service.unavailable', 'The server cannot answer right now.');

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
}

/**
 * Every error that reaches HTTP, as `{ error: { code, message, details? } }`, or in OpenAI's shape under /v1; what nobody
 * foresaw says nothing.
 */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendError(this.logger, error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

/** The same for routes that are Fastify's own. */
export function sendError(logger: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, ...body } = answerOf(error);
  // A refusal that we chose stands in the access log: under load there are many.
  if (status >= 500 && !(error instanceof AppError) && !isGone(request))
    logger.error({ err: error, requestId: request.id, path: request.url }, 'request failed');
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const retryAfter = RETRY_AFTER_SECONDS[status];
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  if (!isGatewayPath(request.url)) void reply.status(status).send({ error: body });
  else {
    const refusal = toGatewayError({ status, ...body });
    void reply.status(refusal.status).send(toErrorBody(refusal));
  }
}

/** The sender left in mid-body: what that broke is no failure of ours, and nobody reads the answer. */
const isGone = ({ raw }: FastifyRequest): boolean => raw.destroyed && !raw.complete;

function answerOf(error: unknown): Answer {
  if (error instanceof AppError) {
    const { code, message, details } = error;
    return { status: STATUS[code], code, message, ...(details !== undefined && { details }) };
  }
  if (isUnavailable(error)) return answerOf(AWAY);
  const status = statusOf(error);
  if (status === undefined || status >= 500) {
    return { status: 500, code: 'internal', message: 'Something went wrong on the server.' };
  }
  return { status, ...(REFUSED_BEFORE_A_HANDLER[status] ?? { code: 'request.invalid', message: messageOf(error) }) };
}

/** What Nest and Fastify refuse before a handler of ours is reached. */
const REFUSED_BEFORE_A_HANDLER: Record<number, { readonly code: string; readonly message: string }> = {
  404: { code: 'route.not_found', message: 'There is nothing at this address.' },
  413: { code: 'request.too_large', message: 'The request body is too large.' },
};

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
