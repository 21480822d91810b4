import { type Attributes, type Context, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { AttemptObserver, FinishReason, ModelAttempt, ModelRef } from '#providers';
import { type AssistantCall, contextAt, isTracing, type TracePlace, tracer } from '#runtime';
import type { Claim } from '#runtime/worker';
import type { AttemptEnd } from './attempt-end.js';
import type { ProviderNames } from './provider-names.js';

/**
 * The spans of an attempt at a run, in the trace of the request that asked for it: one for the attempt, one for each request to a provider and
 * one for each tool. Named by OpenTelemetry's conventions for generative AI. Ids, names, counts and times; no content.
 */
export class RunTrace {
  private constructor(
    private readonly span: Span,
    private readonly within: Context,
    private readonly names: ProviderNames,
  ) {}

  /** Undefined where no traces are made. */
  static begin(
    { runId, threadId, tenantId, ownerId, attempt, trigger, assistantId, context: { trace: place } }: Claim,
    names: ProviderNames,
  ): RunTrace | undefined {
    if (!isTracing()) return undefined;
    const attributes = {
      'chatkit.run.id': runId,
      'chatkit.run.attempt': attempt,
      'chatkit.tenant.id': tenantId,
      'enduser.id': ownerId,
      'gen_ai.conversation.id': threadId || undefined,
      'gen_ai.agent.id': assistantId || undefined,
    };
    return RunTrace.of(`run ${trigger}`, attributes, place, names);
  }

  /** Of an assistant call; undefined where no traces are made. */
  static beginCall(
    { callId, kind, tenantId, ownerId, assistantId, payload, context: { trace: place } }: AssistantCall,
    names: ProviderNames,
  ): RunTrace | undefined {
    if (!isTracing()) return undefined;
    const attributes = {
      'chatkit.call.id': callId,
      'chatkit.tenant.id': tenantId,
      'enduser.id': ownerId,
      'gen_ai.conversation.id': 'threadId' in payload ? payload.threadId : undefined,
      'gen_ai.agent.id': assistantId || undefined,
    };
    return RunTrace.of(`call ${kind}`, attributes, place, names);
  }

  private static of(
    name: string,
    attributes: Attributes,
    place: TracePlace | undefined,
    names: ProviderNames,
  ): RunTrace {
    const parent = contextAt(place);
    const span = tracer().startSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent);
    return new RunTrace(span, trace.setSpan(parent, span), names);
  }

  /** For the model calls of the run; see `ModelCall.observe`. */
  readonly observe = (ref: ModelRef): AttemptObserver => this.request('chat', ref);

  /** For speech that a model transcribes. The conventions name no operation for it; they allow others than theirs. */
  readonly observeSpeech = (ref: ModelRef): AttemptObserver => this.request('transcribe', ref);

  private request(operation: string, ref: ModelRef): AttemptObserver {
    const attributes = {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': this.names.of(ref.provider),
      'chatkit.provider.id': ref.provider,
      'gen_ai.request.model': ref.model,
    };
    const span = tracer().startSpan(`${operation} ${ref.model}`, { kind: SpanKind.CLIENT, attributes }, this.within);
    const own = trace.setSpan(this.within, span);
    return { within: (work) => context.with(own, work), end: (attempt, finish) => endAttempt(span, attempt, finish) };
  }

  /** A tool while it runs. */
  async tool<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name };
    const span = tracer().startSpan(`execute_tool ${name}`, { attributes }, this.within);
    try {
      return await context.with(trace.setSpan(this.within, span), run);
    } catch (error) {
      // The name of the error alone: its message may hold what the person wrote.
      fail(span, error instanceof Error ? error.name : 'error');
      throw error;
    } finally {
      span.end();
    }
  }

  end(end: AttemptEnd): void {
    const state = typeof end === 'string' ? end : end.state;
    this.span.setAttribute('chatkit.run.state', state);
    if (typeof end === 'object' && end.state === 'failed')
      fail(this.span, end.errorCode ?? 'run.internal', end.errorDetail);
    this.span.end();
  }

  /** `failure`: what the call has thrown, if anything. */
  endCall(failure?: { readonly error: unknown }): void {
    if (failure) fail(this.span, failure.error instanceof Error ? failure.error.name : 'error');
    this.span.end();
  }
}

function endAttempt(
  span: Span,
  { ref, outcome, error, usage, settings, firstPartMs, costMicros }: ModelAttempt,
  finish?: FinishReason,
) {
  span.setAttributes({
    'gen_ai.response.model': ref.model,
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.request.max_tokens': settings?.maxTokens,
    'gen_ai.request.temperature': settings?.temperature,
    'gen_ai.response.finish_reasons': finish && [finish.raw ?? finish.unified],
    'chatkit.attempt.outcome': outcome,
    'chatkit.attempt.first_part_ms': firstPartMs,
    'chatkit.attempt.cost_micros': costMicros,
  });
  if (outcome === 'failed') fail(span, error?.code ?? 'error', error?.detail);
  span.end();
}

/** `detail`: words that may be logged. */
function fail(span: Span, type: string, detail?: string): void {
  span.setAttribute('error.type', type);
  span.recordException({ name: type, message: detail ?? type });
  span.setStatus({ code: SpanStatusCode.ERROR, ...(detail !== undefined && { message: detail }) });
}
