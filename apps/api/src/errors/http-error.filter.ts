import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, Logger, Metrics, toErrorBody } from '#runtime';
import { errorAnswer } from './error-answer.js';
import { requestIds } from './log-ids.js';
import { isGatewayPath, toGatewayError } from './openai-error.js';

/** A guess at when it is worth trying again. */
const RETRY_AFTER_SECONDS: Readonly<Record<number, number>> = { 429: 5, 503: 2 };

/** Every error that reaches HTTP, as `{ error: { code, message, details? } }`, or in OpenAI's shape under /v1. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly refusals;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.refusals = metrics.counter({
      name: 'chatkit_relay_refusals_total',
      help: 'Requests that were refused or failed, by error code: limits, quotas, credentials, outages.',
      labels: ['code'],
    });
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for routes that are Fastify's own. */
  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { status, ...body } = errorAnswer(error);
    this.refusals.inc({ code: body.code });
    // An intended refusal is in the access log only: under load there are many.
    if (status >= 500 && !(error instanceof AppError) && !hasLeft(request))
      this.logger.error(
        { ...requestIds(request, reply), path: request.url.split('?', 1)[0], err: error },
        'request failed',
      );
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const known = error instanceof AppError ? error.retryAfterSeconds : undefined;
    const retryAfter = known ?? RETRY_AFTER_SECONDS[status];
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    if (!isGatewayPath(request.url)) void reply.status(status).send({ error: body });
    else {
      const refusal = toGatewayError({ status, ...body });
      void reply.status(refusal.status).send(toErrorBody(refusal));
    }
  }
}

/** The client disconnected before its body had arrived: this is no server error, and no client reads the answer. */
const hasLeft = ({ raw }: FastifyRequest): boolean => raw.destroyed && !raw.complete;
