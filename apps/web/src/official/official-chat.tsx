import { ChatKit, useChatKit } from '@openai/chatkit-react';
import { useEffect, useRef, useState } from 'react';
import type { ChatKitFetch } from '../../../../libs/client/src/index.js';
import type { Memory } from '../chat/memory.js';
import { useMedia } from '../page/use-media.js';
import type { Model } from '../protocol/types.js';
import { Attachment } from './attachment.js';
import { chatKitOptions } from './chatkit-options.js';

interface OfficialChatProps {
  readonly chatFetch: ChatKitFetch;
  readonly memory: Memory;
  readonly models: readonly Model[];
}

/** The official component on this server. It opens the thread that was open last, here or on our own page. */
export function OfficialChat({ chatFetch, memory, models }: OfficialChatProps) {
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const [initialThread] = useState(() => memory.threadId ?? null);
  const [attachment] = useState(() => new Attachment(chatFetch));
  const update = useRef(async (): Promise<void> => undefined);
  const { control, fetchUpdates } = useChatKit(
    chatKitOptions({
      fetch: chatFetch,
      initialThread,
      onThreadChange: (threadId) => {
        memory.threadId = threadId ?? undefined;
        if (threadId === null) attachment.show(null, () => update.current());
      },
      onThreadLoad: (threadId) => attachment.show(threadId, () => update.current()),
      models,
      isDark,
    }),
  );
  useEffect(() => {
    update.current = fetchUpdates;
  }, [fetchUpdates]);
  return <ChatKit control={control} className="component" />;
}
