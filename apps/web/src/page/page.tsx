import { useState } from 'react';
import type { Chat } from '../chat/chat.js';
import type { Memory } from '../chat/memory.js';
import { App } from './app.js';
import { ThemeSetter } from './client-tools/theme-setter.js';
import { useSettings } from './settings/use-settings.js';

interface PageProps {
  readonly chat: Chat;
  readonly memory: Memory;
}

/** The page in the language that is set. Conversations live outside of it, and go on. */
export function Page({ chat, memory }: PageProps) {
  const [spoken, setSpoken] = useState(0);
  const settings = useSettings(memory, () => setSpoken((before) => before + 1));
  return (
    <ThemeSetter value={settings.onTheme}>
      <App key={spoken} chat={chat} settings={settings} />
    </ThemeSetter>
  );
}
