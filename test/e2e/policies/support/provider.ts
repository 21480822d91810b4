import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type LocalServer, type SeenRequest, startLocalServer } from '#providers/testing';

/** What the server does with one call. */
export type Deed = (response: ServerResponse) => void | Promise<void>;

/** One call as the server saw it. */
export interface SeenCall {
  readonly key: string;
  readonly hungUp: Promise<boolean>;
  /** Milliseconds, by a clock that only goes forward. */
  readonly at: number;
}

export interface FaultyProvider {
  readonly url: string;
  /** The calls of a model, oldest first. */
  calls(model: string): readonly SeenCall[];
  close(): Promise<void>;
}

/**
 * A server of chat completions that does, with the calls of each model, one deed after the other; the last one again for all
 * further calls. `byKey` goes before, for keys that have a deed of their own.
 */
export async function startFaultyProvider(
  deeds: Readonly<Record<string, readonly Deed[]>>,
  byKey: Readonly<Record<string, Deed>> = {},
): Promise<FaultyProvider> {
  const seen = new Map<string, SeenCall[]>();
  const server: LocalServer = await startLocalServer((response, { headers, body, hungUp }: SeenRequest) => {
    const model = String(body['model']);
    const calls = seen.get(model) ?? [];
    const key = String(headers.authorization).replace('Bearer ', '');
    seen.set(model, [...calls, { key, hungUp, at: performance.now() }]);
    const plan = deeds[model] ?? [];
    const deed = byKey[key] ?? plan[Math.min(calls.length, plan.length - 1)];
    return deed ? deed(response) : void response.writeHead(404).end();
  });
  return { url: `${server.url}/v1`, calls: (model) => seen.get(model) ?? [], close: () => server.close() };
}

export const refuses =
  (status: number, headers: Readonly<Record<string, string>> | (() => Record<string, string>) = {}): Deed =>
  (response) => {
    const given = typeof headers === 'function' ? headers() : headers;
    response.writeHead(status, { 'content-type': 'application/json', ...given });
    response.end(JSON.stringify({ error: { message: `refused with ${status}` } }));
  };

const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const head = (response: ServerResponse): void =>
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();

export const token = (name: string, index: number): string => `${name}${index} `;

/** So many tokens `<name>1 `, `<name>2 `… and then the end, or `then`. */
export const says =
  (name: string, count: number, then: Deed = ends): Deed =>
  async (response) => {
    head(response);
    for (let index = 1; index <= count; index++) response.write(frame({ content: token(name, index) }));
    await then(response);
  };

export const ends: Deed = (response) => {
  const usage = { prompt_tokens: 7, completion_tokens: 60, total_tokens: 67 };
  response.write(frame({}, 'stop'));
  response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
};

/** Thinks, where there are thoughts, and ends the answer without a word. */
export const saysNothing =
  (...thoughts: readonly string[]): Deed =>
  (response) => {
    head(response);
    for (const thought of thoughts) response.write(frame({ reasoning_content: thought }));
    return ends(response);
  };

/** The connection breaks, once what was written is on its way. */
export const dies: Deed = async (response) => {
  await wait(50);
  response.destroy();
};

/** Begins to answer, and says nothing. */
export const isSilent: Deed = head;

/** Goes on for ever, a token in 50 ms. */
export const drips: Deed = async (response) => {
  head(response);
  while (!response.closed) {
    response.write(frame({ content: 'drip ' }));
    await wait(50);
  }
};

export const stays: Deed = () => undefined;
