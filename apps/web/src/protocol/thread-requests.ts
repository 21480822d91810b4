import { type Fields, fields, listOf, oneOf, optionalText, text } from './read-fields.js';
import type { FeedbackKind, Page, Thread } from './types.js';

/** Why a run failed. The cause, and what can be done about it, are told to the operator alone. */
export interface Failure {
  readonly message?: string | undefined;
  readonly allowRetry: boolean;
  readonly cause?: string | undefined;
  readonly fix?: string | undefined;
}

/** How a turn went. */
export interface RunOutcome {
  readonly id: string;
  readonly state: string;
  /** The item that it answers: a question, a form, a widget. */
  readonly triggerId?: string | undefined;
  /** Whether it answers a message: only that is answered again on request. */
  readonly answersMessage: boolean;
  readonly failure?: Failure | undefined;
}

export interface RunFilter {
  /** At most 100, which is the default. */
  readonly limit?: number;
  /** Only runs that answer one of them. */
  readonly itemIds?: readonly string[];
}

/** A model that is not asked for a while, because it has failed repeatedly. */
export interface OpenBreaker {
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly openUntil: number;
}

/** What the protocol has no requests for, and what can be done with a thread as a whole. All reject with `RequestError`. */
export interface ThreadRequests {
  /** Newest first. */
  listRuns(threadId: string, which?: RunFilter): Promise<readonly RunOutcome[]>;
  /** What the person has said about items of the thread, by their ids. */
  listFeedback(threadId: string): Promise<ReadonlyMap<string, FeedbackKind>>;
  openBreakers(): Promise<readonly OpenBreaker[]>;
  renameThread(threadId: string, title: string): Promise<Thread>;
  deleteThread(threadId: string): Promise<void>;
  /** Threads whose title or messages hold the words. A page may be short, or empty, and have a next one all the same. */
  searchThreads(words: string, paging: SearchPaging): Promise<Page<FoundThread>>;
}

interface SearchPaging {
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface FoundThread extends Thread {
  /** Where the words are, if they are in a message. */
  readonly snippet?: Snippet | undefined;
}

export interface Snippet {
  readonly text: string;
  /** Where each word begins and ends in it. */
  readonly highlights: readonly (readonly [number, number])[];
}

interface Transport {
  /** A request of the protocol that is answered with JSON. */
  readonly post: (type: string, params: object) => Promise<unknown>;
  readonly get: (path: string) => Promise<unknown>;
}

export function threadRequests({ post, get }: Transport): ThreadRequests {
  return {
    async listRuns(threadId, { limit = 100, itemIds } = {}) {
      // Several may answer one item, which was asked again.
      const query = new URLSearchParams({ limit: String(limit), ...(itemIds && { items: itemIds.join(',') }) });
      const answer = await get(`/chatkit/threads/${encodeURIComponent(threadId)}/runs?${query.toString()}`);
      return listOf(fields(answer)?.['data']).map(runOf);
    },
    async listFeedback(threadId) {
      const answer = await get(`/chatkit/threads/${encodeURIComponent(threadId)}/feedback`);
      const given = listOf(fields(answer)?.['data']);
      return new Map(
        given.map(({ item_id: itemId, kind }) => [text(itemId), oneOf(kind, ['positive', 'negative'])] as const),
      );
    },
    async openBreakers() {
      const answer = await get('/health/ready?deep=1');
      return listOf(fields(answer)?.['providers']).flatMap((provider) =>
        listOf(provider['openBreakers']).map((breaker) => breakerOf(text(provider['id']), breaker)),
      );
    },
    renameThread: async (threadId, title) => (await post('threads.update', { thread_id: threadId, title })) as Thread,
    async deleteThread(threadId) {
      await post('threads.delete', { thread_id: threadId });
    },
    async searchThreads(words, { limit, after }) {
      const query = new URLSearchParams({ q: words, limit: String(limit), ...(after && { after }) });
      const page = (await get(`/chatkit/threads?${query.toString()}`)) as Page<Thread>;
      return { ...page, data: page.data.map((thread) => ({ ...thread, snippet: snippetOf(thread) })) };
    },
  };
}

/** The requests whose runs answer a message. */
const MESSAGE_TRIGGERS = new Set(['threads.create', 'threads.add_user_message', 'threads.retry_after_item']);

function runOf(run: Fields): RunOutcome {
  const error = fields(run['error']);
  return {
    id: text(run['id']),
    state: text(run['state']),
    triggerId: optionalText(run['trigger_item_id']),
    answersMessage: MESSAGE_TRIGGERS.has(text(run['trigger'])),
    failure: error && {
      message: optionalText(error['message']),
      allowRetry: error['allow_retry'] === true,
      cause: optionalText(error['cause']),
      fix: optionalText(error['fix']),
    },
  };
}

function snippetOf(thread: object): Snippet | undefined {
  const snippet = fields((thread as Fields)['snippet']);
  const { highlights } = snippet ?? {};
  if (!snippet || !Array.isArray(highlights)) return undefined;
  return { text: text(snippet['text']), highlights: highlights.filter(isRange) };
}

const isRange = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every((position) => typeof position === 'number');

const breakerOf = (provider: string, { model, openUntil }: Fields): OpenBreaker => ({
  model: `${provider}/${text(model)}`,
  openUntil: typeof openUntil === 'number' ? openUntil : Date.parse(text(openUntil)),
});
