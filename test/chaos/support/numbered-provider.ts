import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a turn asks of the provider, written into its message. */
export interface Wish {
  /** Unique for each turn. */
  readonly id: string;
  readonly tokens: number;
  /** Before each token, in milliseconds. */
  readonly delay: number;
  /** Before the first one, in milliseconds. */
  readonly first?: number;
}

/** One request that reached the provider. */
export interface ProviderCall {
  readonly id: string;
  /** The product closed the connection before the answer was complete: `performance.now()`. */
  closedAt?: number;
  finished: boolean;
}

export interface NumberedProvider {
  readonly url: string;
  readonly calls: ProviderCall[];
  close(): Promise<void>;
}

/** The message of a turn; `tokensOf` is the answer to it. */
export const wishText = ({ id, tokens, delay, first = 0 }: Wish): string =>
  `#${id} tokens=${tokens} delay=${delay} first=${first}`;

/** Every token says whose it is and which: what is missing, doubled or somebody else's can be seen. */
export const answerTo = ({ id, tokens }: Wish): string =>
  Array.from({ length: tokens }, (_, index) => `${id}.${index + 1} `).join('');

/** An OpenAI-compatible server that answers what the newest message wishes, and notes who hung up. */
export async function startNumberedProvider(): Promise<NumberedProvider> {
  const calls: ProviderCall[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, calls).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, calls: ProviderCall[]): Promise<void> {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json');
    return void response.end(JSON.stringify({ data: [{ id: 'numbers' }] }));
  }
  const wish = wishOf(await readText(request));
  const call: ProviderCall = { id: wish.id, finished: false };
  calls.push(call);
  response.on('close', () => {
    if (!call.finished) call.closedAt = performance.now();
  });
  response.setHeader('content-type', 'text/event-stream');
  response.flushHeaders();
  await sleep(wish.first ?? 0);
  for (let index = 1; index <= wish.tokens && call.closedAt === undefined; index++) {
    await sleep(wish.delay);
    response.write(chunk({ content: `${wish.id}.${index} ` }));
  }
  if (call.closedAt !== undefined) return;
  call.finished = true;
  response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
}

const chunk = (delta: object, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

/** The newest wish in the conversation. */
function wishOf(body: string): Required<Wish> {
  const [, id = '', tokens, delay, first] =
    [...body.matchAll(/#([\w-]+) tokens=(\d+) delay=(\d+) first=(\d+)/g)].at(-1) ?? [];
  return { id, tokens: Number(tokens), delay: Number(delay), first: Number(first) };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}
