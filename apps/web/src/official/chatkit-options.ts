import type { UseChatKitOptions } from '@openai/chatkit-react';
import type { Model } from '../protocol/types.js';

/** What the page knows when it mounts the component. */
export interface PageFacts {
  /** Resumes answers after lost connections, and keeps runs alive across a reload. */
  readonly fetch: typeof globalThis.fetch;
  readonly initialThread: string | null;
  readonly onThreadChange: (threadId: string | null) => void;
  readonly onThreadLoad: (threadId: string) => void;
  readonly models: readonly Model[];
  readonly isDark: boolean;
}

const PROMPTS = [
  { label: 'Server-sent events', prompt: 'Explain server-sent events in three sentences', icon: 'bolt' },
  { label: 'Queue or log?', prompt: 'Compare a queue and a log in a small table', icon: 'analytics' },
  {
    label: 'A shell one-liner',
    prompt: 'Write a shell one-liner that counts lines per file type',
    icon: 'square-code',
  },
] as const;

/** The component's options: our server, our thread, our models. Attachments, feedback and history are not enabled yet. */
export function chatKitOptions(facts: PageFacts): UseChatKitOptions {
  const { fetch, initialThread, onThreadChange, onThreadLoad, models, isDark } = facts;
  return {
    api: { fetch, url: '/chatkit', domainKey: import.meta.env.VITE_CHATKIT_DOMAIN_KEY || 'local-dev' },
    theme: isDark ? 'dark' : 'light',
    initialThread,
    onThreadChange: ({ threadId }) => onThreadChange(threadId),
    onThreadLoadEnd: ({ threadId }) => onThreadLoad(threadId),
    history: { enabled: true, showDelete: false, showRename: false },
    startScreen: { greeting: 'What would you like to know?', prompts: [...PROMPTS] },
    composer: {
      placeholder: 'Write a message',
      ...(models.length > 1 && {
        models: models.map(({ id, label, description, default: isDefault }) => ({
          id,
          label,
          description,
          default: isDefault,
        })),
      }),
    },
    thread: { autoScroll: true },
  };
}
