import { type Context, context, propagation, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';

/** A place in a trace, as W3C writes it (https://www.w3.org/TR/trace-context/). */
export interface TracePlace {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

/** All spans of ours. */
export const tracer = () => trace.getTracer('chatkit-relay');

/** Where what a span leads to continues the trace. */
export function placeOf(span: Span): TracePlace {
  const place = {};
  propagation.inject(trace.setSpan(ROOT_CONTEXT, span), place);
  return place;
}

/** The context of a place; that of a trace of its own where there is none. Of headers, only those of W3C count. */
export const contextAt = ({ traceparent, tracestate }: TracePlace = {}): Context =>
  propagation.extract(ROOT_CONTEXT, { traceparent, tracestate });

/** The headers that carry the present place to another server. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}
