import { ChatKit, type StartScreenPrompt, type SupportedLocale } from '@openai/chatkit-react';
import { useEffect, useRef, useState } from 'react';
import { type RelayChatKit, useRelayChatKit } from '../../../../libs/client/src/react/index.js';
import { readPageCall } from '../chat/client-tools.js';
import type { Memory } from '../chat/memory.js';
import { useMedia } from '../page/use-media.js';
import { type CommandFacts, runCommand, searchCommands } from './commands.js';
import { FailedRun } from './failed-run.js';
import { runPageTool } from './run-page-tool.js';
import { themeOption } from './theme-option.js';
import { watchRuns } from './watch-runs.js';

type Theme = 'light' | 'dark';

/** Offered where the assistant has none of its own. */
const PROMPTS: StartScreenPrompt[] = [
  { label: 'Server-sent events', prompt: 'Explain server-sent events in three sentences', icon: 'bolt' },
  { label: 'Queue or log?', prompt: 'Compare a queue and a log in a small table', icon: 'analytics' },
  { label: 'A one-liner', prompt: 'Write a shell one-liner that counts lines per file type', icon: 'square-code' },
];
const START_SCREEN = { greeting: 'What would you like to know?', prompts: PROMPTS };

/** The official component on this server, with everything switched on that the server supports. */
export function OfficialChat({ memory }: { readonly memory: Memory }) {
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const [chosen, setTheme] = useState<Theme>();
  const theme = chosen ?? (isDark ? 'dark' : 'light');
  const [assistant, setAssistant] = useState(memory.assistant);
  const [failedRun, setFailedRun] = useState<string>();
  const latest = useRef<{ readonly chat?: RelayChatKit }>({});

  const page = {
    setTheme: (wanted: Theme | 'system') => setTheme(wanted === 'system' ? undefined : wanted),
    confirm: (question: string) => window.confirm(question),
  };

  const commands = (): CommandFacts => ({
    assistants: latest.current.chat?.config?.assistants ?? [],
    theme,
    newThread: () => void control(latest.current.chat)?.setThreadId(null),
    showHistory: () => void control(latest.current.chat)?.showHistory(),
    setTheme,
    chooseAssistant(id) {
      memory.assistant = id;
      setAssistant(id);
    },
  });
  const chat = useRelayChatKit({
    url: '/chatkit',
    fetch: watchRuns(
      (...request) => globalThis.fetch(...request),
      (runId, hasFailed) => setFailedRun(hasFailed ? runId : undefined),
    ),
    assistant,
    defaults: { startScreen: START_SCREEN },
    ...(memory.language && { locale: memory.language as SupportedLocale }),
    frameTitle: 'Chat with this server',
    theme: themeOption(theme),
    header: {
      enabled: true,
      leftAction: { icon: 'home', onClick: () => location.assign('/') },
      rightAction: {
        icon: theme === 'dark' ? 'light-mode' : 'dark-mode',
        onClick: () => setTheme(theme === 'dark' ? 'light' : 'dark'),
      },
    },
    commands: {
      enabled: true,
      onSearch: async (query) => searchCommands(query, commands()),
      onSelect: async (command) => runCommand(command, commands()),
    },
    onClientTool: async ({ name, params }) => ({ ...(await runPageTool(name, params, page)) }),
    // Fire and forget: what this page does not know is for other pages.
    onEffect: ({ name, data = {} }) => void (name === 'set_theme' && runPageTool(name, data, page)),
    widgets: {
      // Actions with `handler: client` come here; what is not for the page is for the assistant.
      async onAction(action, { id }) {
        const given = action.payload ?? {};
        if (readPageCall(action.type, given)) await runPageTool(action.type, given, page);
        else await control(latest.current.chat)?.sendCustomAction(action, id);
      },
    },
  });
  useEffect(() => {
    latest.current = { chat };
    document.documentElement.style.colorScheme = theme;
  });

  if (chat.control) {
    return (
      <div className="official">
        <ChatKit control={chat.control} className="component" />
        <FailedRun runId={failedRun} />
      </div>
    );
  }
  return chat.problem ? <Problem message={chat.problem.message} /> : <Loading />;
}

const control = (chat: RelayChatKit | undefined) => (chat?.control ? chat : undefined);

function Loading() {
  return (
    <p className="sentence" role="status">
      Loading the ChatKit component …
    </p>
  );
}

function Problem({ message }: { readonly message: string }) {
  return (
    <p className="sentence" role="alert">
      {message} <a href="/">The built-in page</a> needs nothing but this server.
    </p>
  );
}
