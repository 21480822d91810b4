import type { ServerResponse } from 'node:http';
import { type SeenRequest, startLocalServer } from '#providers/testing';

/** One request: when it came, what it came to, and which process has asked. Milliseconds, by a clock that only goes forward. */
export interface Arrival {
  readonly at: number;
  readonly tokens: number;
  readonly pid: number;
}

/** How many requests were open from `at` on. */
interface Level {
  readonly at: number;
  readonly open: number;
}

/** What a model does: its answers take so long, or until somebody lets them go, and have so many tokens, in turn. */
export interface Plan {
  readonly holdsMs?: number | Promise<unknown>;
  readonly tokens?: readonly number[];
}

/** The requests of one model. */
export class Counter {
  readonly arrivals: Arrival[] = [];
  readonly levels: Level[] = [];

  get open(): number {
    return this.levels.at(-1)?.open ?? 0;
  }

  get mostOpen(): number {
    return Math.max(0, ...this.levels.map(({ open }) => open));
  }

  change(by: 1 | -1): void {
    this.levels.push({ at: performance.now(), open: this.open + by });
  }

  /** How many were open on average between two times. */
  meanOpen(from: number, to: number): number {
    const spans = this.levels.map(({ at, open }, index) => {
      const end = Math.min(this.levels[index + 1]?.at ?? to, to);
      return open * Math.max(0, end - Math.max(at, from));
    });
    return spans.reduce((sum, span) => sum + span, 0) / (to - from);
  }
}

export interface CountingProvider {
  readonly url: string;
  counter(model: string): Counter;
  close(): Promise<void>;
}

/** A server of chat completions that answers any model by its plan, and counts. */
export async function startCountingProvider(plans: Readonly<Record<string, Plan>>): Promise<CountingProvider> {
  const counters = new Map(Object.keys(plans).map((model) => [model, new Counter()]));
  const server = await startLocalServer(async (response, request) => {
    const at = performance.now();
    const model = String(request.body['model']);
    const [plan, counter] = [plans[model], counters.get(model)];
    if (!plan || !counter) return void response.writeHead(404).end();
    const { tokens: turns = [10], holdsMs = 0 } = plan;
    const tokens = turns[counter.arrivals.length % turns.length] ?? 0;
    counter.arrivals.push({ at, tokens, pid: pidOf(request) });
    counter.change(1);
    // Whoever waits for a place may come the moment that the end is on its way.
    const leave = once(() => counter.change(-1));
    void request.hungUp.then(leave);
    await (typeof holdsMs === 'number' ? new Promise((resolve) => setTimeout(resolve, holdsMs)) : holdsMs);
    leave();
    answer(response, tokens);
  });
  return {
    url: `${server.url}/v1`,
    counter(model) {
      const counter = counters.get(model);
      if (!counter) throw new Error(`there is no plan for ${model}`);
      return counter;
    },
    close: () => server.close(),
  };
}

/** The assistant's prompt begins with it. */
function pidOf({ body }: SeenRequest): number {
  const messages = body['messages'] as readonly { readonly content: unknown }[];
  return Number(/\d+/.exec(JSON.stringify(messages.at(-1)?.content))?.[0]);
}

function answer(response: ServerResponse, tokens: number): void {
  const delta = { choices: [{ index: 0, delta: { content: 'ok' }, finish_reason: null }] };
  const last = {
    choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
    usage: { prompt_tokens: tokens - 1, completion_tokens: 1, total_tokens: tokens },
  };
  const frames = [delta, last].map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${frames.join('')}data: [DONE]\n\n`);
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
