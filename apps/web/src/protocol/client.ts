import { RefusedError } from '../../../../libs/client/src/index.js';
import { readEvent, readItem } from './read-event.js';
import { readFrames } from './read-frames.js';
import type { ChatEvent, Item, Model, Page, Thread } from './types.js';

/** A request that the server refused, or that did not reach it: `status` is 0 then. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A message to send. */
export interface Outgoing {
  readonly text: string;
  readonly model?: string | undefined;
}

interface Paging {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly order: 'asc' | 'desc';
}

/** An answer that had started before the page was loaded: what there is of it so far, and then the rest. */
export interface Following {
  readonly events: AsyncIterable<ChatEvent>;
  /** Stops the answer. */
  stop(): Promise<void>;
}

/** The requests that the page makes. */
export interface ChatClient {
  /** Sends a message, to a new thread if none is given. The events end with the answer; leaving the loop early stops it. */
  send(threadId: string | undefined, message: Outgoing, signal: AbortSignal): AsyncIterable<ChatEvent>;
  /** The answer that a thread is waiting for, if there is one. Leaving the loop early, or aborting, does not stop it. */
  follow(threadId: string, signal: AbortSignal): Promise<Following | undefined>;
  listThreads(paging: Paging): Promise<Page<Thread>>;
  getThread(threadId: string): Promise<Thread>;
  listItems(threadId: string, paging: Paging): Promise<Page<Item>>;
  listModels(): Promise<readonly Model[]>;
}

type Fetch = typeof globalThis.fetch;

/** The part of the fetch shim that the page uses. */
type FollowRun = (
  threadId: string,
  options: { readonly signal: AbortSignal },
) => Promise<{ readonly body: ReadableStream<Uint8Array>; cancel(): Promise<void> } | undefined>;
type ChatFetch = Fetch & { readonly follow: FollowRun };

export function createClient(fetch: ChatFetch, chatUrl = '/chatkit', modelsUrl = '/models'): ChatClient {
  const post = (type: string, params: object, signal?: AbortSignal): Promise<Response> =>
    request(fetch, chatUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type, params }),
      signal: signal ?? null,
    });
  const postJson = async <T>(type: string, params: object): Promise<T> =>
    (await (await post(type, params)).json()) as T;

  return {
    async *send(threadId, message, signal) {
      const input = toInput(message);
      const response = threadId
        ? await post('threads.add_user_message', { thread_id: threadId, input }, signal)
        : await post('threads.create', { input }, signal);
      if (!response.body) return;
      yield* readEvents(response.body);
    },
    async follow(threadId, signal) {
      const followed = await fetch.follow(threadId, { signal }).catch((error: Error) => {
        throw error instanceof RefusedError ? new RequestError(error.status, '') : new RequestError(0, error.message);
      });
      return followed && { events: readEvents(followed.body), stop: () => followed.cancel() };
    },
    listThreads: (paging) => postJson<Page<Thread>>('threads.list', paging),
    getThread: (threadId) => postJson<Thread>('threads.get_by_id', { thread_id: threadId }),
    async listItems(threadId, paging) {
      const page = await postJson<Page<unknown>>('items.list', { thread_id: threadId, ...paging });
      return { ...page, data: page.data.flatMap((item) => readItem(item) ?? []) };
    },
    async listModels() {
      const { models } = (await (await request(fetch, modelsUrl, {})).json()) as { models: readonly Model[] };
      return models;
    },
  };
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatEvent, void, undefined> {
  for await (const frame of readFrames(body)) {
    const event = readEvent(frame);
    if (event) yield event;
  }
}

function toInput({ text, model }: Outgoing) {
  return { content: [{ type: 'input_text', text }], attachments: [], inference_options: model ? { model } : {} };
}

async function request(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error: Error) => {
    if (error.name === 'AbortError') throw error;
    throw new RequestError(0, error.message);
  });
  if (response.ok) return response;
  throw new RequestError(response.status, await refusal(response));
}

/** The server's message, if it has sent one. */
async function refusal(response: Response): Promise<string> {
  const body = (await response.json().catch(() => undefined)) as { error?: { message?: unknown } } | undefined;
  return typeof body?.error?.message === 'string' ? body.error.message : '';
}
