'use client';

import { ChatKit } from '@openai/chatkit-react';
import { sessionHeaders } from '@chatkit-relay/client';
import { useRelayChatKit } from '@chatkit-relay/client/react';

async function fetchSession() {
  const answer = await fetch('/api/chat-session', { method: 'POST' });
  if (!answer.ok) throw new Error(`No session: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// Only where people sign in; see app/api/chat-session/route.ts.
const headers = process.env.NEXT_PUBLIC_CHAT_SESSIONS ? sessionHeaders(fetchSession) : {};

export function Chat() {
  const chat = useRelayChatKit({
    url: process.env.NEXT_PUBLIC_CHAT_URL ?? 'http://localhost:8000/chatkit',
    headers,
    startScreen: { greeting: 'What can I do for you?', prompts: [{ label: 'Say hello', prompt: 'Hello!' }] },
  });

  if (chat.problem) return <p role="alert">{chat.problem.message}</p>;
  if (!chat.control) return <p role="status">Loading …</p>;
  return <ChatKit control={chat.control} style={{ display: 'block', height: '100dvh' }} />;
}
