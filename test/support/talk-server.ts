import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import { WebSocketConfig } from '../../libs/providers/src/adapters/declared/websocket/config.js';

// Servers that speak exactly what examples/providers/declared/websocket.yaml declares, and nothing else.

const EXAMPLE = new URL('../../examples/providers/declared/websocket.yaml', import.meta.url);

export const KEY = 'sk-talk-12345678';

/** An entry of the example, at another place and with a key. */
export function exampleEntry(id: 'talk' | 'plain', url: string, more: object = {}): WebSocketConfig {
  const { providers } = parse(readFileSync(EXAMPLE, 'utf8')) as { providers: { id: string }[] };
  const entry = providers.find((one) => one.id === id);
  return WebSocketConfig.parse({ ...entry, url: `${url}${id === 'talk' ? '/v1' : '/chat'}`, apiKey: KEY, ...more });
}

const Message = z.strictObject({ from: z.enum(['system', 'user', 'bot', 'tool']), text: z.string() });
const Auth = z.strictObject({ type: z.literal('auth'), token: z.string() });
const Ask = z.strictObject({
  type: z.literal('ask'),
  id: z.uuid(),
  model: z.string(),
  messages: z.array(Message).min(1),
  temperature: z.number().optional(),
  user: z.string().optional(),
});
const Cancel = z.strictObject({ type: z.literal('cancel'), id: z.uuid() });
const Plain = z.strictObject({ prompt: z.string().min(1), limit: z.number() });

/** One request for an answer; `id` is empty where the protocol has none. */
export interface Asked {
  readonly id: string;
  /** The last thing that was said. */
  readonly text: string;
  readonly message: object;
  readonly socket: WebSocket;
  /** Sends a message of this answer. */
  send(message: object): void;
}

export interface TalkServer {
  readonly url: string;
  /** Handshakes so far. */
  readonly handshakes: readonly IncomingMessage[];
  /** Connections that are open. */
  readonly open: () => number;
  readonly asked: readonly Asked[];
  readonly cancelled: readonly string[];
  /** What was no part of the protocol. */
  readonly violations: readonly unknown[];
  /** Ends all connections without a word. */
  cut(): void;
  close(): Promise<void>;
}

interface TalkOptions {
  readonly answer?: (asked: Asked) => void | Promise<void>;
  readonly port?: number;
  /** Takes messages beside the declared ones. */
  readonly lenient?: boolean;
  /** Answers pings. */
  readonly alive?: boolean;
  /** What is said to whoever wants to be let in; by default that they are welcome, if the key is right. */
  readonly greet?: (socket: WebSocket) => void;
}

/** `Hello wörld` in two pieces, some time apart. */
export async function hello({ send }: Asked): Promise<void> {
  send({ type: 'accepted' });
  send({ type: 'thought', text: 'Hm.' });
  send({ type: 'token', text: 'Hello ' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  send({ type: 'token', text: 'wörld' });
  send({ type: 'done', reason: 'end', usage: { in: 7, out: 2 } });
}

/** The same in the other protocol. */
export async function plainHello({ send }: Asked): Promise<void> {
  send({ delta: 'Hello ' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  send({ delta: { text: 'wörld' } });
  send({ end: true, tokens: 9 });
}

export async function startTalkServer(
  protocol: 'talk' | 'plain',
  {
    answer = protocol === 'talk' ? hello : plainHello,
    port = 0,
    alive = true,
    lenient = false,
    greet,
  }: TalkOptions = {},
): Promise<TalkServer> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port,
    autoPong: alive,
    verifyClient: ({ req }: { req: IncomingMessage }) => protocol === 'talk' || mayEnter(req),
    handleProtocols: (offered) => (offered.has('talk.v1') ? 'talk.v1' : false),
  });
  const handshakes: IncomingMessage[] = [];
  const asked: Asked[] = [];
  const cancelled: string[] = [];
  const violations: unknown[] = [];

  function onTalk(socket: WebSocket, json: unknown, state: { entered: boolean }): void {
    const send = (message: object) => socket.send(JSON.stringify(message));
    if (!state.entered) {
      const { token } = Auth.parse(json);
      if (greet) return greet(socket);
      if (token !== KEY) return send({ type: 'error', code: 'unauthorized', message: `who is ${token}?` });
      state.entered = true;
      return send({ type: 'welcome' });
    }
    const cancel = Cancel.safeParse(json);
    if (cancel.success) return void cancelled.push(cancel.data.id);
    const message = Ask.parse(json);
    const { id } = message;
    const text = message.messages.at(-1)?.text ?? '';
    take({ id, text, message, socket, send: (more) => send({ id, ...more }) });
  }

  function onPlain(socket: WebSocket, json: unknown): void {
    if (lenient && !Plain.safeParse(json).success) return;
    const message = Plain.parse(json);
    take({ id: '', text: message.prompt, message, socket, send: (more) => socket.send(JSON.stringify(more)) });
  }

  function take(one: Asked): void {
    asked.push(one);
    void answer(one);
  }

  server.on('connection', (socket, request) => {
    handshakes.push(request);
    const state = { entered: false };
    socket.on('message', (data) => {
      try {
        const json: unknown = JSON.parse(String(data));
        if (protocol === 'talk') onTalk(socket, json, state);
        else onPlain(socket, json);
      } catch (error) {
        violations.push(error);
        socket.close(1008, 'not our protocol');
      }
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    handshakes,
    open: () => server.clients.size,
    asked,
    cancelled,
    violations,
    cut: () => {
      for (const socket of server.clients) socket.terminate();
    },
    close: () => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function mayEnter({ headers, url }: IncomingMessage): boolean {
  return headers.authorization === `Bearer ${KEY}` && url === '/chat?client=relay';
}
