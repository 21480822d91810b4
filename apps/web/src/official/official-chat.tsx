import { ChatKit, useChatKit } from '@openai/chatkit-react';
import { useState } from 'react';
import type { Memory } from '../chat/memory.js';
import { useMedia } from '../page/use-media.js';
import type { Model } from '../protocol/types.js';
import { chatKitOptions } from './chatkit-options.js';

interface OfficialChatProps {
  readonly memory: Memory;
  readonly models: readonly Model[];
}

/** The official component on this server. It opens the thread that was looked at last, here or on our own page. */
export function OfficialChat({ memory, models }: OfficialChatProps) {
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const [initialThread] = useState(() => memory.threadId ?? null);
  const { control } = useChatKit(
    chatKitOptions({
      initialThread,
      onThreadChange: (threadId) => {
        memory.threadId = threadId ?? undefined;
      },
      models,
      isDark,
    }),
  );
  return <ChatKit control={control} className="component" />;
}
