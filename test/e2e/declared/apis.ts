import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { parse } from 'yaml';
import * as z from 'zod';
import { createProviders, type Provider, type ProviderConfigInput } from '#providers';
import { type LocalServer, type SeenRequest, startLocalServer } from '#providers/testing';

// Servers that speak exactly what the examples declare: a request that is not quite right is refused with 400.

const FOLDER = new URL('../../../examples/providers/declared/', import.meta.url);

/** The one provider of an example, at another place than the example says. */
export function entryOf(file: string, baseUrl: string): ProviderConfigInput {
  const { providers } = parse(readFileSync(new URL(file, FOLDER), 'utf8')) as { providers: ProviderConfigInput[] };
  return { ...providers[0]!, baseUrl } as ProviderConfigInput;
}

/** What the server of an example does. */
interface Api {
  readonly request: {
    readonly method: 'GET' | 'POST';
    readonly path: RegExp;
    readonly headers: Readonly<Record<string, RegExp>>;
    readonly body: z.ZodType;
  };
  /** Answers with `Hello wörld`; to the question `fail` in the way in which the API fails. */
  answer(response: ServerResponse, request: SeenRequest): void;
  /** Beside the requests for answers: lists of models. */
  readonly others?: Readonly<Record<string, unknown>>;
}

const json = (response: ServerResponse, body: unknown, status = 200, type = 'application/json') =>
  void response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));

/** Pieces some time apart, so that there is a middle. */
async function drip(response: ServerResponse, type: string, pieces: readonly string[]): Promise<void> {
  response.writeHead(200, { 'content-type': type });
  for (const piece of pieces) {
    response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  response.end();
}

const next = (answer: object) => `event: next\ndata: ${JSON.stringify({ data: { answer } })}\n\n`;
const lines = (...values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`);
const text = z.string().min(1);
const number = z.number();
const optional = number.optional();

const asks = ({ body, path }: SeenRequest) => `${JSON.stringify(body)} ${decodeURIComponent(path)}`;
const fails = (request: SeenRequest) => asks(request).includes('fail');

export const APIS: Readonly<Record<string, Api>> = {
  'company.yaml': {
    request: {
      method: 'POST',
      path: /^\/v2\/house-1\/answer(\?trace=[\w-]+)?$/,
      headers: { 'x-api-key': /./, 'x-user': /./, accept: /^application\/json$/ },
      body: z.strictObject({
        instructions: text.optional(),
        turns: z.array(z.strictObject({ question: text, answer: text })),
        question: text,
        temperature: optional,
        max_tokens: number,
        meta: z.strictObject({ department: z.literal('support'), asked_at: z.int() }),
      }),
    },
    answer: (response, request) =>
      fails(request)
        ? json(response, { problem: { code: 'TOO_FAST', text: 'Slow down.' } })
        : json(response, {
            id: 7,
            answer: { text: 'Hello wörld', reason: 'end' },
            tokens: { prompt: 12, answer: 3 },
            notes: 'not of the answer',
          }),
    others: { '/v2/models': { models: [{ name: 'house-1' }, { name: 'house-2' }] } },
  },
  'cohere-v1.yaml': {
    request: {
      method: 'POST',
      path: /^\/chat$/,
      headers: { authorization: /^Bearer ./ },
      body: z.strictObject({
        model: text,
        message: text,
        chat_history: z.array(z.strictObject({ role: z.enum(['USER', 'CHATBOT']), message: text })),
        preamble: text.optional(),
        temperature: optional,
        max_tokens: optional,
        p: optional,
        k: optional,
        stop_sequences: z.array(text).optional(),
        stream: z.literal(true),
      }),
    },
    answer: (response, request) => {
      if (fails(request)) return json(response, { message: 'trial token rate limit exceeded' }, 429);
      return void drip(
        response,
        'application/stream+json',
        lines(
          { is_finished: false, event_type: 'stream-start', generation_id: 'g1' },
          { is_finished: false, event_type: 'text-generation', text: 'Hello ' },
          { is_finished: false, event_type: 'text-generation', text: 'wörld' },
          {
            is_finished: true,
            event_type: 'stream-end',
            finish_reason: 'COMPLETE',
            response: { text: 'Hello wörld', meta: { tokens: { input_tokens: 12, output_tokens: 3 } } },
          },
        ),
      );
    },
    others: { '/models?endpoint=chat': { models: [{ name: 'command-r' }] } },
  },
  'completion.yaml': {
    request: {
      method: 'POST',
      path: /^\/j2-ultra\/complete$/,
      headers: { authorization: /^Token ./ },
      body: z.strictObject({
        prompt: text.regex(/\nA:$/),
        numResults: z.literal(1),
        maxTokens: number,
        temperature: optional,
        stopSequences: z.array(text),
      }),
    },
    answer: (response, request) =>
      fails(request)
        ? json(response, { detail: 'prompt is too long, the context length is 8192' }, 422)
        : json(response, {
            id: 'c1',
            prompt: { text: '…', tokens: [] },
            completions: [{ data: { text: 'Hello wörld', tokens: [] }, finishReason: { reason: 'endoftext' } }],
          }),
  },
  'gateway.yaml': {
    request: {
      method: 'POST',
      path: /^\/chat$/,
      headers: { 'x-tenant-key': /./ },
      body: z.strictObject({
        model: text,
        messages: z.array(
          z.strictObject({
            role: z.enum(['system', 'user', 'assistant', 'tool']),
            content: z.string(),
            call_id: text.optional(),
            calls: z.array(z.strictObject({ id: text, name: text, args: text })).optional(),
          }),
        ),
        options: z.looseObject({}),
        tools: z.array(z.strictObject({ name: text, about: text.optional(), schema: z.looseObject({}) })).optional(),
        user: z.strictObject({ id: text.optional(), tenant: text.optional(), thread: text.optional() }),
      }),
    },
    answer: (response, request) => {
      const end = { done: true, usage: { in: 12, out: 3, all: 15 } };
      const calls = [{ id: 'c1', name: 'lookup', args: { city: 'Bern' } }];
      const frames = fails(request)
        ? [{ delta: 'Hel' }, { error: { code: 42, message: 'no room' } }]
        : asks(request).includes('weather')
          ? [{ thinking: 'I must look.' }, { calls }, end]
          : [{ thinking: 'Hm.' }, { delta: 'Hello ' }, { delta: 'wörld' }, end];
      const pieces = frames.map((frame, index) => `${index ? '\n---\n' : ''}${JSON.stringify(frame, null, 1)}`);
      return void drip(response, 'application/octet-stream', pieces);
    },
    others: { '/healthz': {} },
  },
  'events.yaml': {
    request: {
      method: 'POST',
      path: /^\/stream$/,
      headers: { 'x-api-key': /./, accept: /^text\/event-stream/ },
      body: z.strictObject({
        input: z.array(z.strictObject({ from: z.enum(['rules', 'human', 'bot']), says: text })),
        asked_at: z.iso.datetime(),
      }),
    },
    answer: (response, request) =>
      fails(request)
        ? json(response, { error: 'unknown person' }, 401)
        : void drip(response, 'text/event-stream', [
            'event: hello\ndata: {"session":"s1"}\n\n',
            'data: {"message":{"text":"Hello "}}\n\n',
            'data: {"text":"Hello wörld"}\n\n',
            'data: {"message":{"text":"Hello wörld","ended":"stop"}}\n\n',
            'data: END\n\n',
          ]),
  },
  'graphql.yaml': {
    request: {
      method: 'POST',
      path: /^\/$/,
      headers: { 'x-api-key': /./, accept: /application\/graphql-response\+json/ },
      body: z.strictObject({
        query: z.string().regex(/^mutation Ask/),
        variables: z.strictObject({
          model: text,
          messages: z.array(z.strictObject({ role: z.enum(['SYSTEM', 'USER', 'ASSISTANT']), content: text })),
          temperature: optional,
        }),
      }),
    },
    answer: (response, request) =>
      fails(request)
        ? json(response, { data: null, errors: [{ message: 'Too many.', extensions: { code: 'THROTTLED' } }] })
        : json(
            response,
            {
              data: {
                ask: {
                  message: { content: 'Hello wörld' },
                  stopReason: 'STOP',
                  usage: { inputTokens: 12, outputTokens: 3 },
                },
              },
              extensions: { cost: 1 },
            },
            200,
            'application/graphql-response+json',
          ),
  },
  'graphql-subscription.yaml': {
    request: {
      method: 'POST',
      path: /^\/$/,
      headers: { 'x-api-key': /./, accept: /^text\/event-stream/ },
      body: z.strictObject({
        query: z.string().regex(/^subscription Answer/),
        variables: z.strictObject({ question: text, user: text.optional() }),
      }),
    },
    answer: (response, request) => {
      const refusal = { errors: [{ message: 'Who are you?', extensions: { code: 'UNAUTHENTICATED' } }] };
      return void drip(
        response,
        'text/event-stream; charset=utf-8',
        fails(request)
          ? [`event: next\ndata: ${JSON.stringify(refusal)}\n\n`, 'event: complete\ndata:\n\n']
          : [
              next({ __typename: 'Answer', delta: 'Hello ', finishReason: null }),
              next({ __typename: 'Answer', delta: 'wörld', finishReason: null }),
              next({ __typename: 'Answer', delta: '', finishReason: 'LENGTH' }),
              'event: complete\ndata:\n\n',
            ],
      );
    },
  },
  'plain-text.yaml': {
    request: { method: 'GET', path: /^\/ask\?q=[^&]+$/, headers: {}, body: z.strictObject({}) },
    answer: (response, request) =>
      fails(request)
        ? json(response, { error: 'asleep' }, 503)
        : void drip(response, 'text/plain; charset=utf-8', ['Hello ', 'wörld']),
  },
};

/** The server of an example. */
export function startApi(file: string): Promise<LocalServer> {
  const { request: wanted, answer, others = {} } = APIS[file]!;
  return startLocalServer((response, request) => {
    const other = request.method === 'GET' ? others[request.path] : undefined;
    if (other !== undefined) return json(response, other);
    const problems = [
      ...(request.method === wanted.method ? [] : ['method']),
      ...(wanted.path.test(request.path) ? [] : ['path']),
      ...Object.keys(wanted.headers).filter((name) => !wanted.headers[name]!.test(String(request.headers[name]))),
      ...(wanted.body.safeParse(request.body).error?.issues.map(({ path, message }) => `${path}: ${message}`) ?? []),
    ];
    return problems.length > 0 ? json(response, { refused: problems }, 400) : answer(response, request);
  });
}

/** The provider of an example, at its server. */
export function providerAt(file: string, { url }: LocalServer): Provider {
  const [provider] = createProviders([entryOf(file, url)]);
  return provider!;
}
