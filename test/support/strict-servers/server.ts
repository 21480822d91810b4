import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type LocalServer, type SeenRequest, startLocalServer } from '#providers/testing';
import * as answers from './answers.js';
import * as demands from './demands.js';

interface Strict {
  readonly model: string;
  readonly check: demands.Check;
  readonly speak: answers.Speak;
  /** Answers with everything at once, so that nobody can stop it in the middle. */
  readonly isWhole?: boolean;
}

const chat = (model: string, rules: Parameters<typeof demands.chatOf>[0], speak: answers.Speak): Strict => ({
  model,
  check: demands.chatOf(rules),
  speak,
});

/** As OpenAI's own. */
const longIds = answers.chat((number, index) => `call_${'o'.repeat(24)}_${number}_${index}`);
const shortIds = answers.chat((number, index) => `abc${number}${index}`.padEnd(9, 'Z').slice(0, 9));
/** The same ones in each turn, with signs that others refuse. */
const countedIds = answers.chat((_, index) => `functions.f:${index}`);
const thinking = answers.chat((number, index) => `call_${index}_${number}`, true);

/** The servers by the ids of their providers, each with the rules of its vendor and the ids that it gives to calls. */
export const STRICT_SERVERS = {
  openai: chat('gpt-test', demands.LENIENT, longIds),
  groq: chat('llama-4-test', demands.LENIENT, longIds),
  xai: chat('grok-test', demands.LENIENT, longIds),
  responses: { model: 'gpt-6', check: demands.responses, speak: answers.responses },
  mistral: chat('mistral-test', demands.MISTRAL, shortIds),
  perplexity: chat('sonar', demands.STRICT, answers.chatInText),
  vllm: chat('google/gemma-2-9b-it', demands.GEMMA, countedIds),
  'llama-cpp': chat('Mistral-7B-Instruct-v0.3', demands.MISTRAL, shortIds),
  'lm-studio': chat('local-model', demands.STRICT, countedIds),
  deepseek: { model: 'deepseek-test', check: demands.deepseek, speak: thinking },
  openrouter: chat('some/model', demands.STRICT, longIds),
  gemini: chat('gemini-2.5-flash', demands.GEMINI, countedIds),
  gateway: chat('behind-it', demands.STRICT, countedIds),
  anthropic: { model: 'claude-opus-4-6', check: demands.anthropicOf(false), speak: answers.anthropic },
  'older-claude': { model: 'claude-3-5-sonnet-latest', check: demands.anthropicOf(true), speak: answers.anthropic },
  bedrock: { model: 'anthropic.claude-sonnet-5', check: demands.anthropicOf(false), speak: answers.bedrock },
  vertex: { model: 'claude-sonnet-4-6', check: demands.anthropicOf(false), speak: answers.anthropic },
  cohere: { model: 'command-a', check: demands.cohere, speak: answers.cohere },
  ollama: { model: 'llama3.2', check: demands.ollama, speak: answers.ollama },
  tgi: { model: 'google/gemma-2-9b-it', check: demands.textGeneration, speak: answers.textGeneration },
  azure: chat('my-deployment', demands.LENIENT, longIds),
  litellm: chat('a-group', demands.STRICT, countedIds),
  classic: {
    model: 'HuggingFaceTB/SmolLM3-3B',
    check: demands.textGeneration,
    speak: answers.classic,
    isWhole: true,
  },
  graphql: { model: 'house-1', check: demands.graphql, speak: answers.graphql },
  websocket: { model: 'house-1', check: demands.webSocket, speak: answers.webSocket },
  module: { model: 'own-1', check: demands.ownModule, speak: answers.ownModule },
  declared: { model: 'house-1', check: demands.declared, speak: answers.declared },
} satisfies Record<string, Strict>;

export type ServerId = keyof typeof STRICT_SERVERS;

export const isWhole = (id: ServerId): boolean => (STRICT_SERVERS[id] as Strict).isWhole ?? false;

/** What a person can do in a turn of the test, and what the server does then. */
export type Kind = keyof typeof CALLS;

const widget = { type: 'Card', children: [{ type: 'Text', value: 'A card' }] };
const hidden = {
  events: [{ type: 'thread.item.done', item: { type: 'hidden_context_item', content: 'Only for the model.' } }],
};

/** The calls of a turn's first answer. */
const CALLS = {
  text: [],
  quote: [],
  image: [],
  stop: [],
  fail: [],
  widget: [{ name: 'fx_widget', arguments: { widget } }],
  pair: [
    { name: 'fx_widget', arguments: { widget } },
    { name: 'fx_emit', arguments: hidden },
  ],
  hidden: [{ name: 'fx_emit', arguments: hidden }],
  client: [{ name: 'fx_client_tool', arguments: { name: 'pick', arguments: { of: 'colours' } } }],
  abandon: [{ name: 'fx_client_tool', arguments: { name: 'pick', arguments: {} } }],
} satisfies Record<string, readonly answers.Called[]>;

/** What the person writes, from which the server knows what to do. */
export const questionOf = (thread: string, number: number, kind: Kind): string => `#${thread} turn ${number}: ${kind}?`;
export const answerOf = (thread: string, number: number): string => `The answer ${number} of ${thread}.`;
/** What stands in an answer that is stopped before its end. */
const PARTIAL = 'It begins';

export interface StrictServers extends Pick<LocalServer, 'close' | 'url'> {
  /** Of the server of WebSockets. */
  readonly socketUrl: string;
  /** The requests of a thread that broke a rule, and those that belong to none, each in words. */
  violationsOf(thread: string): string[];
  /** How many requests each server has answered. */
  readonly answered: ReadonlyMap<ServerId, number>;
}

/** All of them on one port, below their ids, and one of WebSockets. A conversation that breaks a rule is refused with 400, and is a violation. */
export async function startStrictServers(): Promise<StrictServers> {
  const violations: { readonly thread: string | undefined; readonly words: string }[] = [];
  const answered = new Map<ServerId, number>();
  const begun = new Set<string>();
  let number = 0;

  /** What a server says to a request, or the words in which it refuses it. */
  function answerTo(id: ServerId, { body, text }: Asked): Outcome {
    const { check, speak } = STRICT_SERVERS[id];
    const turn = newestTurn(text);
    try {
      check(body);
      if (turn === undefined) throw new Error('no question in it');
      if (!turn.knowsBefore) throw new Error(`the turn before turn ${turn.number} is missing`);
    } catch (error) {
      const { message } = error as Error;
      violations.push({ thread: turn?.thread, words: `${id}, ${turn?.key ?? 'no turn'} ${message}: ${text}` });
      return { refusal: message };
    }
    if (turn.kind === 'fail') return { refusal: 'The test says no.' };
    answered.set(id, (answered.get(id) ?? 0) + 1);
    const calls = begun.has(turn.key) ? [] : CALLS[turn.kind];
    begun.add(turn.key);
    const hangs = turn.kind === 'stop';
    const said = hangs ? PARTIAL : calls.length > 0 ? '' : answerOf(turn.thread, turn.number);
    return { bytes: speak({ text: said, calls, number: ++number }), hangs };
  }

  const server = await startLocalServer((response, request) => {
    const [, id = ''] = request.path.split('/');
    const isAsked = isServer(id) && request.method === 'POST' && ANSWERS.test(request.path);
    if (!isAsked) return json(response, 200, { data: [], models: [] });
    const outcome = answerTo(id, request);
    if ('refusal' in outcome) json(response, 400, { error: { message: outcome.refusal } });
    else write(response, outcome);
  });
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => sockets.once('listening', resolve));
  sockets.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      send(socket, answerTo('websocket', { text, body: JSON.parse(text) as Asked['body'] }));
    }),
  );
  return {
    url: server.url,
    socketUrl: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await Promise.all([server.close(), new Promise((resolve) => sockets.close(resolve))]);
    },
    answered,
    violationsOf: (thread) => violations.filter((one) => (one.thread ?? thread) === thread).map(({ words }) => words),
  };
}

type Asked = Pick<SeenRequest, 'body' | 'text'>;
type Outcome = { readonly refusal: string } | { readonly bytes: answers.Bytes; readonly hangs: boolean };

function send(socket: WebSocket, outcome: Outcome): void {
  if ('refusal' in outcome) return socket.send(JSON.stringify({ type: 'error', message: outcome.refusal }));
  for (const piece of outcome.bytes.begin) socket.send(String(piece));
  if (!outcome.hangs) for (const piece of outcome.bytes.end) socket.send(String(piece));
}

/** Where a wire answers; what else is asked lists models, or looks whether the server is there. */
const ANSWERS =
  /(\/chat\/completions|\/responses|\/messages|\/chat|\/graphql|\/generate_stream|\/invoke-with-response-stream|:streamRawPredict)$|^\/classic\/models\//;

const isServer = (id: string): id is ServerId => Object.hasOwn(STRICT_SERVERS, id);

function newestTurn(text: string) {
  const turns = [...text.matchAll(/#(\w+) turn (\d+): (\w+)\?/g)].map(([key, thread = '', number, kind]) => ({
    key,
    thread,
    number: Number(number),
    kind: kind as Kind,
  }));
  const newest = turns.toSorted((a, b) => a.number - b.number).at(-1);
  if (newest === undefined) return undefined;
  const knowsBefore = newest.number === 1 || turns.some((turn) => turn.number === newest.number - 1);
  return { ...newest, knowsBefore };
}

function write(response: ServerResponse, { bytes, hangs }: Exclude<Outcome, { readonly refusal: string }>): void {
  const { contentType, begin, end } = bytes;
  response.writeHead(200, { 'content-type': contentType });
  for (const piece of begin) response.write(piece);
  if (hangs) return;
  for (const piece of end) response.write(piece);
  response.end();
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
