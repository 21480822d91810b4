'use client';

import { type UseChatKitOptions, useChatKit, type UseChatKitReturn } from '@openai/chatkit-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { optionsOf, urlOfAssistant, withOwn } from '../component/chatkit-options.js';
import type { ConnectOptions } from '../component/connect-chatkit.js';
import { ConnectionProblem } from '../component/connection-problem.js';
import { loadChatKit } from '../component/load-chatkit.js';
import { OpenThread } from '../component/open-thread.js';
import { readServer, type ServerConfig, type ServerFacts } from '../component/read-server.js';
import { type ChatKitFetch, createChatKitFetch } from '../create-chatkit-fetch.js';

/** ChatKit's options but `api`, and what connects to the server. `url`, `fetch` and `storageKey` are read once. */
export type UseRelayChatKitOptions = Omit<UseChatKitOptions, 'api'> &
  Pick<
    ConnectOptions,
    'url' | 'assistant' | 'defaults' | 'domainKey' | 'storageKey' | 'headers' | 'credentials' | 'fetch'
  >;

interface Connection {
  readonly chatFetch: ChatKitFetch;
}

/** `control` is there as soon as the chat can be shown; `problem` says why it cannot. */
export type RelayChatKit = Connection &
  (
    | { readonly control?: undefined; readonly config?: undefined; readonly problem?: ConnectionProblem }
    | (UseChatKitReturn & { readonly config: ServerConfig; readonly problem?: undefined })
  );

type State = { readonly server?: ServerFacts; readonly problem?: ConnectionProblem };

const NOTHING: ServerFacts = {
  config: {
    domainKey: null,
    uploadStrategy: { type: 'two_phase' },
    attachments: { maxCount: 0, maxSize: 0, accept: {} },
    features: {},
    assistants: [],
  },
  models: [],
};

/**
 * `useChatKit` for ChatKit Relay: loads the component's script, switches on what the server supports, resumes answers after
 * lost connections and reloads, and remembers the open conversation. Options of your own add to the server's.
 */
export function useRelayChatKit(options: UseRelayChatKitOptions): RelayChatKit {
  const {
    url,
    assistant,
    defaults = {},
    domainKey,
    storageKey,
    headers: _headers,
    credentials,
    fetch,
    ...own
  } = options;
  const latest = useRef(options);
  const chat = useRef<UseChatKitReturn>(null);
  const [chatFetch] = useState(() => {
    const headers = async () => {
      const { headers: given } = latest.current;
      return typeof given === 'function' ? given() : (given ?? {});
    };
    return createChatKitFetch({ url, headers, credentials, fetch });
  });
  const [thread] = useState(
    () => new OpenThread(chatFetch, storageKey, undefined, () => void chat.current?.setThreadId(null)),
  );
  const [initialThread] = useState(() => thread.remembered);
  const { server, problem } = useServer(chatFetch, url);

  const known = server ?? NOTHING;
  const facts = { url: urlOfAssistant(url, assistant, known.config), fetch: thread.fetch };
  const given = withOwn(defaults, optionsOf({ ...known, ...facts, assistant, domainKey, initialThread }));
  const onThreadLoadEnd = useCallback(
    (event: { readonly threadId: string }) => {
      thread.loaded(event.threadId, () => chat.current?.fetchUpdates());
      latest.current.onThreadLoadEnd?.(event);
    },
    [thread],
  );
  const onThreadChange = useCallback(
    (event: { readonly threadId: string | null }) => {
      thread.changed(event.threadId);
      latest.current.onThreadChange?.(event);
    },
    [thread],
  );
  const shown = useChatKit({ ...withOwn(given, own), onThreadLoadEnd, onThreadChange });
  useEffect(() => {
    latest.current = options;
    chat.current = shown;
  });
  useEffect(() => () => thread.close(), [thread]);
  if (server) return { ...shown, chatFetch, config: server.config };
  return problem ? { chatFetch, problem } : { chatFetch };
}

function useServer(chatFetch: ChatKitFetch, url: string): State {
  const [state, setState] = useState<State>({});
  useEffect(() => {
    let isCurrent = true;
    Promise.all([readServer(chatFetch, url), loadChatKit()]).then(
      ([server]) => isCurrent && setState({ server }),
      (problem: unknown) => isCurrent && problem instanceof ConnectionProblem && setState({ problem }),
    );
    return () => {
      isCurrent = false;
    };
  }, [chatFetch, url]);
  return state;
}
