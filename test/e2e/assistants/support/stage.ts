import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, createThread, post, type PostOptions, until, type WireEvent } from '../../../support/chat.js';
import type { EngineKind } from '../../../support/engines.js';
import { duringSuite } from '../../../support/during-suite.js';
import { type FakeProvider, type ProviderCall, startProvider } from '../../../support/provider.js';
import { type Relay, startRelay } from '../../../support/relay.js';

/** One model call with everything that the fake provider keeps of it. */
export interface ModelCall extends ProviderCall {
  readonly instructions: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface StoredItem {
  readonly id: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The product with the assistants of a config file, over a scripted model. */
export interface Stage {
  readonly relay: Relay;
  readonly provider: FakeProvider;
  /** Posts to an assistant, by its id. */
  ask(assistant: string, body: unknown, options?: PostOptions): Promise<Answer>;
  /** A new thread; `scripts` are what the model plays. */
  begin(assistant: string, text: string, scripts: readonly object[], options?: PostOptions): Promise<Answer>;
  /** The model calls since the last scripts. */
  calls(): Promise<ModelCall[]>;
  stored(threadId: string): Promise<StoredItem[]>;
  /** The newest run of a thread, once it is over. */
  settled(threadId: string): Promise<{ state: string; error_code: string | null; usage: unknown }>;
  /** What the workers have logged so far. */
  log(): string;
  stop(): Promise<void>;
}

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));

/** `config` is relative to the project, or a whole path. */
export async function setStage(engine: EngineKind, config: string): Promise<Stage> {
  const provider = await startProvider();
  const relay = await startRelay(engine, {
    provider,
    variables: { CHATKIT_CONFIG: resolve(PROJECT, config) },
  });
  const ask: Stage['ask'] = (assistant, body, options) =>
    post(relay.url, body, { ...options, query: `?assistant=${assistant}` });
  return {
    relay,
    provider,
    ask,
    async begin(assistant, text, scripts, options) {
      await provider.script(scripts as Readonly<Record<string, unknown>>[]);
      return ask(assistant, createThread(text), options);
    },
    calls: async () => (await provider.calls()) as ModelCall[],
    stored: (threadId) =>
      relay.query<StoredItem & Record<string, unknown>>(
        'SELECT id, type, payload FROM items WHERE thread_id = $1 ORDER BY position',
        [threadId],
      ),
    settled: (threadId) =>
      until('the run settles', 15_000, async () => {
        const [run] = await relay.query<{ state: string; error_code: string | null; usage: unknown }>(
          'SELECT state, error_code, usage FROM runs WHERE thread_id = $1 ORDER BY created_at DESC LIMIT 1',
          [threadId],
        );
        return run && !['queued', 'working'].includes(run.state) && run;
      }),
    log: () => relay.workers.map((worker) => worker.output()).join(''),
    async stop() {
      await relay.stop();
      await provider.close();
    },
  };
}

/** A stage for the tests of a suite. */
export const useStage = (engine: EngineKind, config: string): Stage =>
  duringSuite(
    () => setStage(engine, config),
    (stage) => stage.stop(),
  );

/** What happened on the page, in order: updates by their own kind, the rest by type and the item's kind. */
export function story(events: readonly WireEvent[]): string[] {
  return events.map((event) => {
    const update = event['update'] as { type: string } | undefined;
    if (update) return update.type.replace('assistant_message.content_part.', '');
    const item = event['item'] as { type: string } | undefined;
    const type = event.type.replace('thread.item.', '');
    return item ? `${type} ${item.type}` : type;
  });
}

/** A whole message in `deltas` pieces, as `story` tells it. */
export const message = (deltas = 1): string[] => [
  'added assistant_message',
  'added',
  ...Array.from({ length: deltas }, () => 'text_delta'),
  'done',
  'done assistant_message',
];

/** What every first answer begins with. */
export const preamble = ['thread.created', 'done user_message', 'stream_options'];

export const toolOutput = (threadId: string, result: unknown) => ({
  type: 'threads.add_client_tool_output',
  params: { thread_id: threadId, result },
});

export const formInput = (threadId: string, itemId: string, answers: object) => ({
  type: 'threads.add_structured_input',
  params: { thread_id: threadId, item_id: itemId, input: { status: 'answered', answers } },
});

export const click = (threadId: string, itemId: string, action: object, kind = 'threads.custom_action') => ({
  type: kind,
  params: { thread_id: threadId, item_id: itemId, action },
});

/** The first event of a type. */
export const eventOf = (answer: Answer, type: string): WireEvent | undefined =>
  answer.events.find((event) => event.type === type);

/** The results that the model was told of in a call, in order. */
export const toolResults = (call: ModelCall | undefined): string[] =>
  ((call?.input ?? []) as { type: string; output: string }[])
    .filter(({ type }) => type === 'function_call_output')
    .map(({ output }) => output);

/** Everything that the model was told in a call, as text. */
export const told = (call: ModelCall | undefined): string => JSON.stringify(call?.input ?? '');
