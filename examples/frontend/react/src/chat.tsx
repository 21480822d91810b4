import { ChatKit } from '@openai/chatkit-react';
import { useRelayChatKit } from '@chatkit-relay/client/react';
import { useState } from 'react';

const PEOPLE = [
  { id: 'p_1', title: 'Ada Lovelace', group: 'People' },
  { id: 'p_2', title: 'Grace Hopper', group: 'People' },
];

export function Chat() {
  const [theme, setTheme] = useState<'light' | 'dark'>('light');
  const chat = useRelayChatKit({
    url: import.meta.env.VITE_CHAT_URL ?? 'http://localhost:8000/chatkit',
    // From here on all options of ChatKit but `api`. What the server supports is switched on already.
    theme: { colorScheme: theme, radius: 'round', color: { accent: { primary: '#4f46e5', level: 1 } } },
    startScreen: {
      greeting: 'What can I do for you?',
      prompts: [{ label: 'Say hello', prompt: 'Hello!', icon: 'sparkle' }],
    },
    header: {
      rightAction: {
        icon: theme === 'dark' ? 'light-mode' : 'dark-mode',
        onClick: () => setTheme(theme === 'dark' ? 'light' : 'dark'),
      },
    },
    // What people may mention with @. The server sends the names along to the model.
    entities: {
      onTagSearch: async (query) => PEOPLE.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase())),
    },
    // A tool that an assistant has declared with `clientTool`; what is returned here is its result.
    onClientTool: ({ name, params }) => {
      if (name !== 'set_theme') return { error: `This page has no tool ${name}.` };
      setTheme(params.theme === 'dark' ? 'dark' : 'light');
      return { ok: true };
    },
  });

  if (chat.problem) return <p role="alert">{chat.problem.message}</p>;
  if (!chat.control) return <p role="status">Loading …</p>;
  return <ChatKit control={chat.control} style={{ display: 'block', height: '100dvh' }} />;
}
