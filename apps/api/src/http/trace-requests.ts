import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { contextAt, isTracing, tracer, type TracePlace } from '#runtime';
import { requestIds } from '../errors/log-ids.js';
import { isForProbes } from './probes.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined where no traces are made. */
    span: Span | undefined;
  }
}

/** A span for each request but health checks, in the trace of the client where it names one, until the answer is over. */
export function traceRequests(fastify: FastifyInstance): void {
  fastify.decorateRequest('span', undefined);
  if (!isTracing()) return;
  fastify.addHook('onRequest', async (request) => {
    if (!isForProbes(request)) request.span = spanOf(request);
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const { span } = request;
    if (!span) return;
    const { requestId, threadId, runId, tenantId, userId }: Partial<Record<string, string>> = requestIds(
      request,
      reply,
    );
    span.setAttributes({
      'http.response.status_code': reply.statusCode,
      'chatkit.request.id': requestId,
      'chatkit.run.id': runId,
      'gen_ai.conversation.id': threadId,
      'chatkit.tenant.id': tenantId,
      'enduser.id': userId,
    });
    if (reply.statusCode >= 500) {
      span.setAttribute('error.type', String(reply.statusCode));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  });
}

function spanOf({ method, headers, routeOptions, is404 }: FastifyRequest): Span {
  const route = is404 ? undefined : routeOptions.url;
  const place: TracePlace = { traceparent: textOf(headers['traceparent']), tracestate: textOf(headers['tracestate']) };
  return tracer().startSpan(
    route === undefined ? method : `${method} ${route}`,
    { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': route } },
    contextAt(place),
  );
}

const textOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;
