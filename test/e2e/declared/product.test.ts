import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LocalServer } from '#providers/testing';
import { addMessage, createThread, deltasOf, doneItems, post, textOf, threadIdOf } from '../../support/chat.js';
import { entryOf, startApi } from './apis.js';
import { oneEngine } from '../../support/one-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useRelay } from '../../support/relay.js';
import { duringSuite } from '../../support/during-suite.js';

/** A body of one piece, lines, and GraphQL. */
const MODELS = {
  'company.yaml': 'company/house-1',
  'cohere-v1.yaml': 'cohere-v1/command-r',
  'graphql.yaml': 'desk/default',
} as const;
type File = keyof typeof MODELS;
const FILES = Object.keys(MODELS) as File[];

describe.each(oneEngine('redis'))('declared APIs in the product on the %s engine', (engine) => {
  const folder = temporaryFolder('chatkit-declared-');
  const servers = duringSuite(
    async () => {
      const started = await Promise.all(FILES.map(async (file) => [file, await startApi(file)] as const));
      return Object.fromEntries(started) as Record<File, LocalServer>;
    },
    (all) => Promise.all(Object.values(all).map((server) => server.close())),
  );
  const relay = useRelay(engine, () => {
    const providers = FILES.map((file) => entryOf(file, servers[file].url));
    const CHATKIT_CONFIG = join(folder, 'chatkit.config.json');
    writeFileSync(CHATKIT_CONFIG, JSON.stringify({ titles: false, providers }));
    return { variables: { CHATKIT_CONFIG, CO_API_KEY: 'co-key-0123' } };
  });

  it.each(FILES)('%s holds a conversation', async (file) => {
    const options = { model: MODELS[file] };
    const first = await post(relay.url, createThread('Hi there', options));
    const second = await post(relay.url, addMessage(threadIdOf(first), 'And now?', options));
    for (const { events } of [first, second]) {
      expect(deltasOf(events).join('')).toBe('Hello wörld');
      expect(doneItems(events, 'assistant_message').map(textOf)).toEqual(['Hello wörld']);
    }
    const asked = servers[file].requests.filter(({ method }) => method === 'POST').at(-1);
    expect(said(file, asked?.body)).toEqual(['Hi there', 'Hello wörld', 'And now?']);
  });

  it('puts the key where the example says, by the variable of the environment', () => {
    const asked = servers['cohere-v1.yaml'].requests.find(({ method }) => method === 'POST');
    expect(asked?.headers.authorization).toBe('Bearer co-key-0123');
  });

  it('tells the person what the failure of the API means', async () => {
    const answer = await post(relay.url, createThread('fail', { model: MODELS['company.yaml'] }));
    expect(answer.events.at(-1)).toMatchObject({ type: 'error', code: 'custom', allow_retry: true });
    const [run] = await relay.query(`SELECT error_code FROM runs WHERE thread_id = $1`, [threadIdOf(answer)]);
    expect(run).toEqual({ error_code: 'provider.rate_limited' });
  });
});

/** The texts of a request, in the order of the conversation. */
function said(file: File, body: unknown): string[] {
  switch (file) {
    case 'company.yaml': {
      const { turns, question } = body as { turns: { question: string; answer: string }[]; question: string };
      return [...turns.flatMap((turn) => [turn.question, turn.answer]), question];
    }
    case 'cohere-v1.yaml': {
      const { chat_history, message } = body as { chat_history: { message: string }[]; message: string };
      return [...chat_history.map((one) => one.message), message];
    }
    case 'graphql.yaml': {
      const { variables } = body as { variables: { messages: { role: string; content: string }[] } };
      return variables.messages.filter(({ role }) => role !== 'SYSTEM').map(({ content }) => content);
    }
  }
}
