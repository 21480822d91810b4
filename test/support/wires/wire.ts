import type { ServerResponse } from 'node:http';
import { type SeenRequest, startLocalServer } from '#providers/testing';

/** One message as a provider got it, in the words of our own prompts. */
export interface Heard {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

/** A provider's server that answers what it is told to, and remembers what it was asked. */
export interface WireServer {
  readonly url: string;
  /** What it says to the next question. */
  say(text: string): Promise<void>;
  /** The whole prompt of that question. */
  heard(): Promise<readonly Heard[]>;
  close(): Promise<void>;
}

/** How one provider speaks: just enough of its API for a conversation of texts. */
export interface Wire {
  /** Path of the request for an answer; every other one lists models. */
  readonly path: string;
  readonly list: unknown;
  heard(body: SeenRequest['body']): Heard[];
  /** Streams the text in these pieces; the usage is always {@link USAGE}. */
  answer(response: ServerResponse, pieces: readonly string[]): void;
}

/** What each of the hand-made servers says that an answer has cost. */
export const USAGE = { input: 11, output: 7 };

export async function startWire({ path, list, heard, answer }: Wire): Promise<WireServer> {
  let text = '';
  let asked: readonly Heard[] = [];
  const server = await startLocalServer((response, request) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list));
    } else if (request.path !== path) {
      response.writeHead(404).end(`nothing at ${request.path}`);
    } else {
      asked = heard(request.body);
      answer(response, text.match(/\S+\s*/g) ?? []);
    }
  });
  return {
    url: server.url,
    say: async (next) => void (text = next),
    heard: async () => asked,
    close: server.close,
  };
}

/** Server-sent events, each with its name where the wire gives it one. */
export function sse(response: ServerResponse, events: readonly object[], name?: (event: object) => string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) {
    response.write(`${name ? `event: ${name(event)}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

/** The text of a content that is one string, or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return (content as { readonly text?: string }[]).map((part) => part.text ?? '').join('');
}

/** For wires whose messages are `{ role, content }`. */
export function messagesOf(body: SeenRequest['body']): Heard[] {
  const messages = body['messages'] as readonly { readonly role: Heard['role']; readonly content: unknown }[];
  return messages.map(({ role, content }) => ({ role, text: textOf(content) }));
}
