import { describe, expect, it } from 'vitest';
import {
  addMessage,
  type Answer,
  createThread,
  deltasOf,
  doneItems,
  listItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  until,
  type WireItem,
} from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { startAnthropic } from '../support/wires/anthropic.js';
import { startCohere } from '../support/wires/cohere.js';
import { startHuggingFace } from '../support/wires/huggingface.js';
import { startOllama } from '../support/wires/ollama.js';
import { startOpenAI } from '../support/wires/openai.js';
import { type Heard, USAGE, type WireServer } from '../support/wires/wire.js';
import { duringSuite } from '../support/during-suite.js';

const CONFIG = new URL('providers.config.yaml', import.meta.url).pathname;

/** How each of the seven is started, by its id. */
const START = {
  openai: () => startOpenAI('chat'),
  responses: () => startOpenAI('responses'),
  anthropic: startAnthropic,
  cohere: startCohere,
  ollama: startOllama,
  huggingface: startHuggingFace,
  groq: () => startOpenAI('chat'),
};
type Id = keyof typeof START;
const IDS = Object.keys(START) as Id[];

/** Their default models; some hold a slash. */
const MODELS: Record<Id, string> = {
  openai: 'gpt-test',
  responses: 'gpt-test',
  anthropic: 'claude-test',
  cohere: 'command-test',
  ollama: 'llama-test',
  huggingface: 'org/model',
  groq: 'org/llama-test',
};

interface RunRow {
  readonly state: string;
  readonly provider: string;
  readonly model: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

describe.each(oneEngine('postgres'))('seven providers in one relay on the %s engine', (engine) => {
  const servers = duringSuite(
    async () => {
      const started = await Promise.all(IDS.map(async (id) => [id, await START[id]()] as const));
      return Object.fromEntries(started) as Record<Id, WireServer>;
    },
    (all) => Promise.all(Object.values(all).map((server) => server.close())),
  );
  const relay = useRelay(engine, () => {
    const urls = IDS.map((id) => [`${id.toUpperCase()}_URL`, servers[id].url]);
    return { variables: { CHATKIT_CONFIG: CONFIG, ...Object.fromEntries(urls) } };
  });

  /** A conversation that remembers, for us to compare, what was said in it. */
  function conversation() {
    const said: Heard[] = [];
    let threadId = '';
    return {
      said,
      threadId: () => threadId,
      /** One turn; checks that the provider got all that was said before, once and in order, and that its answer came. */
      async turn(id: Id, question: string, text: string): Promise<void> {
        await servers[id].say(text);
        const options = { model: `${id}/${MODELS[id]}` };
        const answer: Answer = await post(
          relay.url,
          threadId ? addMessage(threadId, question, options) : createThread(question, options),
        );
        threadId ||= threadIdOf(answer);
        said.push({ role: 'user', text: question });
        expect(await servers[id].heard()).toEqual(said);
        said.push({ role: 'assistant', text });
        expect(deltasOf(answer.events).join('')).toBe(text);
        expect(doneItems(answer.events, 'assistant_message').map(textOf)).toEqual([text]);
      },
    };
  }

  const itemsOf = async (threadId: string) =>
    (await postJson<{ data: WireItem[] }>(relay.url, listItems(threadId))).data;

  const runsOf = (threadId: string) =>
    relay.query<RunRow>(
      `SELECT state, provider, model, input_tokens, output_tokens FROM runs WHERE thread_id = $1 ORDER BY created_at`,
      [threadId],
    );

  it.each(IDS)('%s holds a conversation of five turns', async (id) => {
    const { turn, said, threadId } = conversation();
    for (let number = 1; number <= 5; number++) {
      await turn(id, `Question ${number} for ${id}`, `${id} gives answer number ${number}.`);
    }
    const items = await itemsOf(threadId());
    expect(items.map(textOf)).toEqual(said.map(({ text }) => text));
    expect(new Set(items.map((item) => item.id)).size).toBe(10);
    const runs = await runsOf(threadId());
    expect(runs).toHaveLength(5);
    for (const run of runs) expect(run).toEqual(expectedRun(id));
  });

  it('one conversation goes through all of them, each knowing what the others said', async () => {
    const { turn, said, threadId } = conversation();
    const order = [...IDS, ...IDS.slice(0, 3).toReversed()];
    for (const [index, id] of order.entries()) {
      await turn(id, `Turn ${index}: who are you?`, `I am ${id}, and this is turn ${index}.`);
    }
    const items = await itemsOf(threadId());
    expect(items.map(textOf)).toEqual(said.map(({ text }) => text));
    expect(new Set(items.map((item) => item.id)).size).toBe(2 * order.length);
    expect(await runsOf(threadId())).toEqual(order.map(expectedRun));
  });

  it('lists the models of all of them, and finds all of them well', async () => {
    const ids = await until('all have told their models', 10_000, async () => {
      const response = await fetch(`${relay.url}/models`, { headers: { [USER_HEADER]: 'ada' } });
      const { models } = (await response.json()) as { models: { id: string; default: boolean }[] };
      expect(models.filter((model) => model.default).map(({ id }) => id)).toEqual(['openai/gpt-test']);
      return models.some(({ id }) => id === 'groq/fake') && models.map(({ id }) => id);
    });
    expect(ids).toEqual(expect.arrayContaining(IDS.map((id) => `${id}/${MODELS[id]}`)));
    const health = (await (await fetch(`${relay.url}/health/ready?deep=1`)).json()) as Record<string, unknown>;
    expect(health).toMatchObject({ status: 'ok', providers: IDS.map((id) => ({ id, ok: true })) });
  });
});

/** Whose servers count tokens; the hand-made ones always say the same. */
const COUNTED: ReadonlySet<Id> = new Set(['openai', 'responses', 'groq']);

function expectedRun(id: Id): RunRow {
  const some = expect.toSatisfy((count: number) => count > 0, 'more than none') as number;
  return {
    state: 'completed',
    provider: id,
    model: MODELS[id],
    input_tokens: COUNTED.has(id) ? some : USAGE.input,
    output_tokens: COUNTED.has(id) ? some : USAGE.output,
  };
}
