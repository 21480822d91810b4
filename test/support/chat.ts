import http from 'node:http';
import { USER_HEADER } from './relay.js';

/** One event of a stream, as it came over the wire. */
export type WireEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly events: readonly WireEvent[];
  /** The body as it came. */
  readonly raw: string;
  /** Whether the body ended as HTTP says, rather than with the connection. */
  readonly complete: boolean;
}

export interface PostOptions {
  readonly user?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Behind the path, with its question mark. */
  readonly query?: string;
  /** Called with everything that has arrived so far, after each chunk. */
  readonly onEvents?: (events: readonly WireEvent[], request: http.ClientRequest) => void;
  readonly onResponse?: (response: http.IncomingMessage) => void;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** Posts a body to `/chatkit` and reads the answer to its end, or to the connection's. */
export function post(base: string, body: unknown, options: PostOptions = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    [USER_HEADER]: options.user ?? 'ada',
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${base}/chatkit${options.query ?? ''}`,
      { method: 'POST', headers, agent },
      (response) => {
        options.onResponse?.(response);
        const chunks: Buffer[] = [];
        const finish = (): void => {
          const raw = Buffer.concat(chunks).toString('utf8');
          const { statusCode: status = 0, headers: received, complete } = response;
          resolve({ status, headers: received, raw, events: eventsIn(raw), complete });
        };
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          options.onEvents?.(eventsIn(Buffer.concat(chunks).toString('utf8')), request);
        });
        response.on('end', finish);
        response.on('error', finish);
        response.on('aborted', finish);
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

/** Posts a request that answers with JSON, and returns its body. */
export async function postJson<T>(base: string, body: unknown, options: PostOptions = {}): Promise<T> {
  const answer = await post(base, body, options);
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}: ${answer.raw}`);
  return JSON.parse(answer.raw) as T;
}

interface InputOptions {
  readonly model?: string;
}

export function input(text: string, { model }: InputOptions = {}) {
  return {
    content: [{ type: 'input_text', text }],
    attachments: [],
    inference_options: model === undefined ? {} : { model },
  };
}

export const createThread = (text: string, options?: InputOptions) => ({
  type: 'threads.create',
  params: { input: input(text, options) },
});

export const addMessage = (threadId: string, text: string, options?: InputOptions) => ({
  type: 'threads.add_user_message',
  params: { thread_id: threadId, input: input(text, options) },
});

export const listItems = (threadId: string) => ({
  type: 'items.list',
  params: { thread_id: threadId, order: 'asc', limit: 9999 },
});

/** The thread's id, from the stream that created it. */
export function threadIdOf(answer: Pick<Answer, 'events'>): string {
  const created = answer.events.find((event) => event.type === 'thread.created');
  return (created?.['thread'] as { id: string } | undefined)?.id ?? '';
}

/** The text of all deltas, in order. */
export function deltasOf(events: readonly { readonly type: string }[]): string[] {
  return events.flatMap((event) => {
    const { update } = event as { update?: { type: string; delta: string } };
    return update?.type === 'assistant_message.content_part.text_delta' ? [update.delta] : [];
  });
}

export interface WireItem {
  readonly id: string;
  readonly type: string;
  readonly content: readonly { readonly text: string }[];
}

/** The items that the stream has finished, of one type. */
export function doneItems(events: readonly WireEvent[], type: string): WireItem[] {
  return events
    .filter((event) => event.type === 'thread.item.done')
    .map((event) => event['item'] as WireItem)
    .filter((item) => item.type === type);
}

export const textOf = (item: WireItem | undefined): string => item?.content.map((part) => part.text).join('') ?? '';

/** The events of a body that has come so far. */
export function eventsIn(raw: string): WireEvent[] {
  return raw
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: ') && frame.endsWith('}'))
    .map((frame) => JSON.parse(frame.slice('data: '.length)) as WireEvent);
}

/** Waits until something holds. Rejects with what was seen last when it does not in time. */
export async function until<T>(what: string, within: number, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
