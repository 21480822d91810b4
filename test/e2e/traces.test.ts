import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createThread, doneItems, post, textOf, threadIdOf, until } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useLocalServer } from '../support/local-server.js';
import type { Variables } from '../support/processes.js';
import { startRelay, useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const QUESTION = 'What is the capital of my secret wishes?';
const ANSWER = 'Nobody else may read this answer.';
const SPOKEN = 'Whisper it to nobody.';
const CLIENT_SPAN = 'b7ad6b7169203331';
/** Another one for each message: a test that is run again must not meet the spans of its first run. */
const newTraceId = (): string => randomBytes(16).toString('hex');

/** As OTLP writes them in JSON. */
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly events?: readonly { readonly name: string }[];
  readonly service: string;
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: Pick<OtlpSpan, 'attributes'>;
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

const SERVER = 2;
const CLIENT = 3;
const CONSUMER = 5;
const ERROR = 2;

const received: OtlpSpan[] = [];
const bodies: string[] = [];
const receiver = useLocalServer((response, request) => {
  bodies.push(request.text);
  for (const { resource, scopeSpans } of (JSON.parse(request.text) as Export).resourceSpans) {
    const service = String(attributesOf(resource)['service.name']);
    received.push(...scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service }))));
  }
  response.setHeader('content-type', 'application/json').end('{}');
});

const traceparents: string[] = [];
const chunk = (delta: object, finish: string | null = null, usage?: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', usage, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const provider = useLocalServer((response, request) => {
  if (request.method === 'GET') return void response.end('{"data":[]}');
  traceparents.push(String(request.headers['traceparent']));
  if (request.path.endsWith('/audio/transcriptions')) {
    response.setHeader('content-type', 'application/json');
    return void response.end(
      JSON.stringify({ text: SPOKEN, usage: { type: 'tokens', input_tokens: 5, output_tokens: 3 } }),
    );
  }
  const body = request.text;
  if (body.includes('FAIL')) {
    response.statusCode = 503;
    return void response.end('{"error":{"message":"away"}}');
  }
  response.setHeader('content-type', 'text/event-stream');
  const call = { index: 0, id: 'call_1', function: { name: 'look_up', arguments: '{"about":"wishes"}' } };
  const hasLookedUp = body.includes('"role":"tool"');
  response.write(hasLookedUp ? chunk({ content: ANSWER }) : chunk({ tool_calls: [call] }));
  const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
  response.end(`${chunk({}, hasLookedUp ? 'stop' : 'tool_calls', usage)}data: [DONE]\n\n`);
});

const attributesOf = ({ attributes }: Pick<OtlpSpan, 'attributes'>): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value: { intValue, arrayValue, ...rest } }) => {
      if (arrayValue)
        return [key, (arrayValue as { values: { stringValue: string }[] }).values.map((one) => one.stringValue)];
      return [key, intValue === undefined ? Object.values(rest)[0] : Number(intValue)];
    }),
  );

const spansOf = (traceId: string, count: number) =>
  until(`${count} spans`, 10_000, async () => {
    const spans = received.filter((span) => span.traceId === traceId);
    return spans.length >= count && spans;
  });

describe('traces', () => {
  const relay = useRelay(engineKinds[0] ?? 'postgres', () => ({
    variables: {
      CHATKIT_CONFIG: fileURLToPath(new URL('traces.config.yaml', import.meta.url)),
      TEST_URL: provider.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      // Longer than an idle process takes to stop.
      OTEL_BSP_SCHEDULE_DELAY: '3000',
      TRACE_CONTEXT_TO_PROVIDERS: 'true',
    },
  }));
  it('follow one message from the request of the client to each model call and tool', async () => {
    const traceId = newTraceId();
    const answer = await post(relay.url, createThread(QUESTION), {
      headers: { traceparent: `00-${traceId}-${CLIENT_SPAN}-01` },
    });
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe(ANSWER);
    const spans = await spansOf(traceId, 5);
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [request, run, tool] = ['POST /chatkit', 'run threads.create', 'execute_tool look_up'].map(
      (name) => named(name)[0],
    );
    const calls = named('chat m');
    expect(spans).toHaveLength(5);
    expect(request).toMatchObject({ kind: SERVER, parentSpanId: CLIENT_SPAN, service: 'chatkit-relay-api' });
    expect(run).toMatchObject({ kind: CONSUMER, parentSpanId: request?.spanId, service: 'chatkit-relay-worker' });
    expect(calls).toHaveLength(2);
    for (const span of [...calls, tool]) expect(span?.parentSpanId).toBe(run?.spanId);

    const ids = {
      'chatkit.run.id': answer.headers['chatkit-run-id'],
      'gen_ai.conversation.id': threadIdOf(answer),
      'enduser.id': 'ada',
    };
    expect(request && attributesOf(request)).toMatchObject({
      ...ids,
      'http.route': '/chatkit',
      'http.response.status_code': 200,
    });
    expect(run && attributesOf(run)).toMatchObject({
      ...ids,
      'chatkit.run.state': 'completed',
      'chatkit.run.attempt': 1,
    });
    expect(tool && attributesOf(tool)).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'look_up',
    });
    expect(calls.map((span) => attributesOf(span)['gen_ai.response.finish_reasons'])).toEqual([
      ['tool_calls'],
      ['stop'],
    ]);
    expect(calls[1]?.kind).toBe(CLIENT);
    expect(calls[1] && attributesOf(calls[1])).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'traced',
      'chatkit.provider.id': 'traced',
      'gen_ai.request.model': 'm',
      'gen_ai.usage.input_tokens': 11,
      'gen_ai.usage.output_tokens': 7,
    });
    // Each request to the provider names its own span.
    expect(traceparents.filter((header) => header.includes(traceId))).toEqual(
      calls.map(({ spanId }) => `00-${traceId}-${spanId}-01`),
    );
  });

  it('record what failed', async () => {
    const traceId = newTraceId();
    await post(relay.url, createThread('FAIL'), { headers: { traceparent: `00-${traceId}-${CLIENT_SPAN}-01` } });
    const spans = await spansOf(traceId, 3);
    const failed = spans.filter(({ status }) => status.code === ERROR);
    expect(failed.map((span) => [span.name, attributesOf(span)['error.type']]).toSorted()).toEqual([
      ['chat m', 'unavailable'],
      ['run threads.create', 'provider.unavailable'],
    ]);
    for (const span of failed) expect(span.events?.map(({ name }) => name)).toEqual(['exception']);
  });

  it('follow an assistant call to what it asks a model', async () => {
    const answer = await post(relay.url, createThread(QUESTION));
    const threadId = threadIdOf(answer);
    const [item] = doneItems(answer.events, 'assistant_message');
    const traceId = newTraceId();
    const params = { thread_id: threadId, item_ids: [item?.id], kind: 'negative' };
    await post(
      relay.url,
      { type: 'items.feedback', params },
      { headers: { traceparent: `00-${traceId}-${CLIENT_SPAN}-01` } },
    );
    const spans = await spansOf(traceId, 3);
    const [request, call, chat] = ['POST /chatkit', 'call feedback', 'chat m'].map((name) =>
      spans.find((span) => span.name === name),
    );
    expect(call).toMatchObject({ kind: CONSUMER, parentSpanId: request?.spanId, service: 'chatkit-relay-worker' });
    expect(call && attributesOf(call)).toMatchObject({ 'gen_ai.conversation.id': threadId, 'enduser.id': 'ada' });
    expect(chat?.parentSpanId).toBe(call?.spanId);
  });

  it('follow dictation to the model that transcribes it', async () => {
    const traceId = newTraceId();
    const params = { audio_base64: Buffer.from('speech').toString('base64'), mime_type: 'audio/webm' };
    const answer = await post(
      relay.url,
      { type: 'input.transcribe', params },
      { headers: { traceparent: `00-${traceId}-${CLIENT_SPAN}-01` } },
    );
    expect(JSON.parse(answer.raw)).toEqual({ text: SPOKEN });
    const spans = await spansOf(traceId, 3);
    const [request, call, speech] = ['POST /chatkit', 'call transcribe', 'transcribe ears'].map((name) =>
      spans.find((span) => span.name === name),
    );
    expect(call).toMatchObject({ kind: CONSUMER, parentSpanId: request?.spanId });
    expect(speech).toMatchObject({ kind: CLIENT, parentSpanId: call?.spanId });
    expect(speech && attributesOf(speech)).toMatchObject({
      'gen_ai.operation.name': 'transcribe',
      'gen_ai.provider.name': 'traced',
      'gen_ai.request.model': 'ears',
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.output_tokens': 3,
      'chatkit.attempt.outcome': 'completed',
    });
    expect(traceparents.filter((header) => header.includes(traceId))).toEqual([`00-${traceId}-${speech?.spanId}-01`]);
  });

  it('hold no content', () => {
    for (const text of [QUESTION, ANSWER, SPOKEN, 'wishes']) expect(bodies.join()).not.toContain(text);
  });

  it('have all their spans when the processes have stopped', async () => {
    const traceId = newTraceId();
    await post(relay.url, createThread(QUESTION), { headers: { traceparent: `00-${traceId}-${CLIENT_SPAN}-01` } });
    await Promise.all([...relay.apis, ...relay.workers].map((app) => app.stop()));
    expect(received.filter((span) => span.traceId === traceId)).toHaveLength(5);
  });
});

describe('without a receiver', () => {
  const folder = temporaryFolder('chatkit-no-traces-');
  const noted = join(folder, 'noted');
  const hook = fileURLToPath(new URL('../support/noted-modules.mjs', import.meta.url));
  const told = () => (existsSync(noted) ? readFileSync(noted, 'utf8') : '');

  /** Answers one message, in processes that note which modules they load. */
  async function answered(variables: Variables): Promise<void> {
    const relay = await startRelay(engineKinds[0] ?? 'postgres', {
      variables: {
        CHATKIT_CONFIG: fileURLToPath(new URL('traces.config.yaml', import.meta.url)),
        TEST_URL: provider.url,
        NODE_OPTIONS: `--import ${hook}`,
        NOTED_MODULES: noted,
        ...variables,
      },
    });
    try {
      const answer = await post(relay.url, createThread(QUESTION));
      expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe(ANSWER);
    } finally {
      await relay.stop();
    }
  }

  it('nothing of the SDK is loaded, and nothing is sent', async () => {
    const before = bodies.length;
    await answered({});
    expect([told(), bodies.length]).toEqual(['', before]);
    // The same with a receiver, so that the look itself is seen to work.
    await answered({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    expect(told()).toContain('@opentelemetry/sdk-trace-node');
    expect(bodies.length).toBeGreaterThan(before);
    // Two installations are started, one after the other.
  }, 90_000);
});
