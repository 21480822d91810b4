import type { ChatKitOptions, OpenAIChatKit } from '@openai/chatkit';
import { type ChatKitFetch, type ChatKitFetchOptions, createChatKitFetch } from '../create-chatkit-fetch.js';
import { optionsOf, urlOfAssistant, withOwn } from './chatkit-options.js';
import { ConnectionProblem } from './connection-problem.js';
import { loadChatKit } from './load-chatkit.js';
import { OpenThread } from './open-thread.js';
import { readServer } from './read-server.js';

export interface ConnectOptions
  extends Omit<ChatKitOptions, 'api'>, Pick<ChatKitFetchOptions, 'headers' | 'credentials' | 'fetch'> {
  /** URL of the server's protocol endpoint, such as `https://chat.example.com/chatkit`. */
  readonly url: string;
  /** Id of the assistant that answers; without it, or if there is no such one, the server's default one. */
  readonly assistant?: string | undefined;
  /** ChatKit's options where the server says nothing, such as the prompts of an assistant that has none. */
  readonly defaults?: Omit<ChatKitOptions, 'api'> | undefined;
  /** Default the one that the server was started with (`CHATKIT_DOMAIN_KEY`). */
  readonly domainKey?: string;
  /** Where the open conversation is remembered in `localStorage`; default `chatkit-thread-id`; null: nowhere. */
  readonly storageKey?: string | null;
}

export interface ConnectedChatKit {
  readonly chatFetch: ChatKitFetch;
  /** Sets the page's own options anew; the server's stay. */
  update(own: Omit<ChatKitOptions, 'api'>): void;
  /** Removes the listeners. Answers that are being written continue on the server. */
  disconnect(): void;
}

/**
 * Makes an `<openai-chatkit>` element a chat with the server: loads the component's script, switches on what the server
 * supports, and keeps the open conversation across a reload. Rejects with `ConnectionProblem`.
 */
export async function connectChatKit(element: Element | null, connect: ConnectOptions): Promise<ConnectedChatKit> {
  if (!element) throw new ConnectionProblem('component', 'This page has no <openai-chatkit> element.');
  const { url, assistant, defaults = {}, domainKey, storageKey, headers, credentials, fetch, ...first } = connect;
  const chatFetch = createChatKitFetch({ url, headers, credentials, fetch });
  const chatKit = element as OpenAIChatKit;
  const thread = new OpenThread(chatFetch, storageKey, undefined, () => void chatKit.setThreadId(null));
  const [server] = await Promise.all([readServer(chatFetch, url), loadChatKit()]);
  const facts = { url: urlOfAssistant(url, assistant, server.config), fetch: thread.fetch };
  const options = optionsOf({ ...server, ...facts, assistant, domainKey, initialThread: thread.remembered });
  const given = withOwn(defaults, options);
  const listening = new AbortController();
  const { signal } = listening;
  chatKit.addEventListener('chatkit.thread.change', ({ detail }) => thread.changed(detail.threadId), { signal });
  chatKit.addEventListener(
    'chatkit.thread.load.end',
    ({ detail }) => thread.loaded(detail.threadId, () => chatKit.fetchUpdates()),
    { signal },
  );
  chatKit.setOptions(withOwn(given, first));
  return {
    chatFetch,
    update: (own) => chatKit.setOptions(withOwn(given, own)),
    disconnect: () => {
      listening.abort();
      thread.close();
    },
  };
}
