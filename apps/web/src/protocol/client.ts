import { RefusedError } from '../../../../libs/client/src/index.js';
import { composerRequests, type ComposerRequests } from './composer-requests.js';
import type { Attachment } from './items/attachment.js';
import { readItem } from './items/index.js';
import { inTime } from './in-time.js';
import { readEvent } from './read-event.js';
import { readFrames } from './read-frames.js';
import { fields, optionalText, text } from './read-fields.js';
import { RequestError } from './request-error.js';
import type { SendFile } from './send-file.js';
import { threadRequests, type ThreadRequests } from './thread-requests.js';
import type { ChatEvent, FeedbackKind, Item, Model, Page, Thread } from './types.js';

/** An attachment of a message that is being sent. */
export interface SentAttachment extends Attachment {
  /** In bytes. */
  readonly size: number;
  /** The file itself, if this page has it. */
  readonly file?: File | undefined;
}

/** A message to send. */
export interface Outgoing {
  readonly text: string;
  readonly model?: string | undefined;
  /** The part of an answer that it is about. */
  readonly quote?: string | undefined;
  /** A tool that the person has chosen for it. */
  readonly tool?: string | undefined;
  readonly attachments?: readonly SentAttachment[] | undefined;
}

/** The header of a stream that names its run. */
const RUN_ID = 'chatkit-run-id';

interface Paging {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly order: 'asc' | 'desc';
}

/** An answer that had started before the page was loaded: what there is of it so far, and then the rest. */
export interface Following {
  readonly runId: string;
  readonly events: AsyncIterable<ChatEvent>;
  /** Stops the answer. */
  stop(): Promise<void>;
}

/** A click in a widget, and what it sends. */
export interface ActionRequest {
  readonly itemId: string | undefined;
  readonly action: { readonly type: string; readonly payload?: unknown };
}

/** The events of a turn. They end with the answer; leaving the loop early, or aborting, stops it. */
type Turn = AsyncIterable<ChatEvent>;

/** The requests that the page makes. All reject with `RequestError`. */
export interface ChatClient extends ComposerRequests, ThreadRequests {
  /** Sends a message, to a new thread if none is given. */
  send(threadId: string | undefined, message: Outgoing, signal: AbortSignal): Turn;
  /** Answers a question again, without what came after it. */
  retry(threadId: string, questionId: string, signal: AbortSignal): Turn;
  /** Changes a question, and asks it again without what came after it. */
  edit(threadId: string, questionId: string, message: Outgoing, signal: AbortSignal): Turn;
  sendAction(threadId: string, request: ActionRequest, signal: AbortSignal): Turn;
  /** The same for an action that is answered with JSON: the item that it has changed, if it has changed one. */
  sendActionNow(threadId: string, request: ActionRequest): Promise<Item | undefined>;
  submitForm(threadId: string, itemId: string, input: object, signal: AbortSignal): Turn;
  /** What a tool of the page returned, for the thread's newest item. */
  answerClientTool(threadId: string, result: unknown, signal: AbortSignal): Turn;
  feedback(threadId: string, itemIds: readonly string[], kind: FeedbackKind): Promise<void>;
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
) => Promise<
  { readonly runId: string; readonly body: ReadableStream<Uint8Array>; cancel(): Promise<void> } | undefined
>;
type ChatFetch = Fetch & { readonly follow: FollowRun };

export interface ClientOptions {
  readonly sendFile: SendFile;
  /** The assistant that answers; the server's default one if undefined. Every request names it. */
  readonly assistant?: () => string | undefined;
  /** The language that the person has chosen, in place of the browser's. */
  readonly language?: () => string | undefined;
}

const CHAT_URL = '/chatkit';

export function createClient(
  fetch: ChatFetch,
  { sendFile, assistant = () => undefined, language = () => undefined }: ClientOptions,
): ChatClient {
  const send = (path: string, body: object, signal?: AbortSignal): Promise<Response> =>
    request(fetch, withAssistant(path, assistant()), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...inLanguage(language()) },
      body: JSON.stringify(body),
      signal: signal ?? null,
    });
  const post = (type: string, params: object, signal?: AbortSignal): Promise<Response> =>
    send(CHAT_URL, { type, params }, signal);
  const postJson = async <T>(type: string, params: object, signal?: AbortSignal): Promise<T> =>
    jsonOf<T>(await post(type, params, signal));
  const readJson = <T>(type: string, params: object): Promise<T> =>
    inTime((signal) => postJson<T>(type, params, signal));
  const getJson = <T>(url: string, options: RequestInit = {}): Promise<T> =>
    inTime(async (signal) => jsonOf<T>(await request(fetch, url, { ...options, signal })));
  const turn = (type: string, params: object, signal: AbortSignal): Turn => eventsOf(post(type, params, signal));

  return {
    send(threadId, message, signal) {
      const input = toInput(message);
      return threadId
        ? turn('threads.add_user_message', { thread_id: threadId, input }, signal)
        : turn('threads.create', { input }, signal);
    },
    retry: (threadId, questionId, signal) =>
      turn('threads.retry_after_item', { thread_id: threadId, item_id: questionId }, signal),
    edit: (threadId, questionId, message, signal) =>
      eventsOf(
        send(
          `${CHAT_URL}/threads/${encodeURIComponent(threadId)}/edit`,
          { item_id: questionId, input: toInput(message) },
          signal,
        ),
      ),
    sendAction: (threadId, click, signal) => turn('threads.custom_action', toAction(threadId, click), signal),
    async sendActionNow(threadId, click) {
      const { updated_item: item } = await postJson<{ updated_item?: unknown }>(
        'threads.sync_custom_action',
        toAction(threadId, click),
      );
      return readItem(item);
    },
    submitForm: (threadId, itemId, input, signal) =>
      turn('threads.add_structured_input', { thread_id: threadId, item_id: itemId, input }, signal),
    // A key with the value `undefined` would be left out, and the server requires it.
    answerClientTool: (threadId, result, signal) =>
      turn('threads.add_client_tool_output', { thread_id: threadId, result: result ?? null }, signal),
    async feedback(threadId, itemIds, kind) {
      await post('items.feedback', { thread_id: threadId, item_ids: itemIds, kind });
    },
    async follow(threadId, signal) {
      const followed = await fetch.follow(threadId, { signal }).catch((error: Error) => {
        throw error instanceof RefusedError ? new RequestError(error.status, '') : new RequestError(0, error.message);
      });
      if (!followed) return undefined;
      const { runId, body } = followed;
      return { runId, events: readEvents(body, runId), stop: () => followed.cancel() };
    },
    listThreads: (paging) => readJson<Page<Thread>>('threads.list', paging),
    getThread: (threadId) => readJson<Thread>('threads.get_by_id', { thread_id: threadId }),
    async listItems(threadId, paging) {
      const page = await readJson<Page<unknown>>('items.list', { thread_id: threadId, ...paging });
      return { ...page, data: page.data.flatMap((item) => readItem(item) ?? []) };
    },
    async listModels() {
      const { models } = await getJson<{ models: readonly Model[] }>('/models');
      return models;
    },
    ...threadRequests({ post: postJson, get: getJson }),
    ...composerRequests({ post: postJson, get: getJson, send: sendFile }),
  };
}

async function* eventsOf(answer: Promise<Response>): AsyncGenerator<ChatEvent> {
  const response = await answer;
  const { body, headers } = response;
  if (!body || !headers.get('content-type')?.startsWith('text/event-stream')) throw await notOurs(response);
  yield* readEvents(body, headers.get(RUN_ID) ?? undefined);
}

async function jsonOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(async (error: Error) => {
    if (error instanceof SyntaxError) throw await notOurs(response);
    throw error.name === 'AbortError' ? error : new RequestError(0, error.message);
  });
  return body as T;
}

/** A success that is none of the server's: a proxy that asks people to sign in again answers everything with its page. */
async function notOurs({ status, headers, body }: Response): Promise<RequestError> {
  if (body && !body.locked) await body.cancel();
  return new RequestError(
    status,
    `The answer is none of the server's: ${headers.get('content-type') ?? 'of no type'}.`,
  );
}

async function* readEvents(body: ReadableStream<Uint8Array>, runId: string | undefined): AsyncGenerator<ChatEvent> {
  if (runId) yield { type: 'run', id: runId };
  for await (const frame of readFrames(body)) {
    const event = readEvent(frame);
    if (event) yield event;
  }
}

const inLanguage = (language: string | undefined): Record<string, string> =>
  language ? { 'accept-language': language } : {};

const withAssistant = (path: string, id: string | undefined): string =>
  id === undefined ? path : `${path}?assistant=${encodeURIComponent(id)}`;

const toAction = (threadId: string, { itemId, action }: ActionRequest) => ({
  thread_id: threadId,
  ...(itemId !== undefined && { item_id: itemId }),
  action,
});

function toInput({ text: written, model, quote, tool, attachments = [] }: Outgoing) {
  return {
    content: written === '' ? [] : [{ type: 'input_text', text: written }],
    attachments: attachments.map(({ id }) => id),
    ...(quote !== undefined && { quoted_text: quote }),
    inference_options: { ...(model && { model }), ...(tool && { tool_choice: { id: tool } }) },
  };
}

async function request(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error: Error) => {
    if (error.name === 'AbortError') throw error;
    throw new RequestError(0, error.message);
  });
  if (response.ok) return response;
  throw await refusal(response);
}

/** With the server's code and message, if it has sent them. */
async function refusal(response: Response): Promise<RequestError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { code, message } = fields(fields(body)?.['error']) ?? {};
  return new RequestError(response.status, text(message), optionalText(code));
}
