import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type SeenRequest } from '#providers/testing';
import { addMessage, createThread, doneItems, post, textOf, threadIdOf, until } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useRelay } from '../support/relay.js';
import { useLocalServer } from '../support/local-server.js';

const CONFIG = new URL('small-models.config.yaml', import.meta.url).pathname;

/** What the small model writes when it wants the tool, in the pieces of a real one. */
const CALL =
  'I ask| the station|.\n|\n<|tool|_call>|\n{"|name": "|temperature|", "arguments|": {"city|": "Ber|lin"}|}\n</|tool_call|>'.split(
    '|',
  );
/** More messages than this are too many for the model that is called `forgetful`. */
const MEMORY = 3;

interface Told {
  readonly role: string;
  readonly content: string;
}
const toldIn = (request: SeenRequest | undefined): readonly Told[] => (request?.body['messages'] ?? []) as Told[];

function answer(response: ServerResponse, request: SeenRequest): void {
  const told = toldIn(request);
  if (request.body['model'] === 'forgetful') {
    if (told.length <= MEMORY) return stream(response, [`I know ${told.length} messages.`]);
    const error = { message: 'too many', code: 'context_length_exceeded' };
    return void response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
  }
  const isTold = told.some(({ role, content }) => role === 'user' && content.includes('<tool_response>'));
  stream(response, isTold ? ['Nine', ' degrees.'] : CALL);
}

function stream(response: ServerResponse, pieces: readonly string[]): void {
  const frames = [
    ...pieces.map((content) => ({ delta: { role: 'assistant', content }, finish_reason: null })),
    { delta: {}, finish_reason: 'stop' },
  ].map((choice) => JSON.stringify({ choices: [{ index: 0, ...choice }] }));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end([...frames, '[DONE]'].map((frame) => `data: ${frame}\n\n`).join(''));
}

describe.each(oneEngine('postgres'))('a small model, on %s', (engine) => {
  const upstream = useLocalServer(answer);
  const relay = useRelay(engine, () => ({ variables: { CHATKIT_CONFIG: CONFIG, TEST_URL: upstream.url } }));

  it('that knows no tools runs one all the same, and nobody sees how it asks', async () => {
    const seen = await post(relay.url, createThread('How warm is it in Berlin?'), { query: '?assistant=weather' });
    expect(doneItems(seen.events, 'assistant_message').map(textOf)).toEqual(['I ask the station.', 'Nine degrees.']);
    expect(seen.events).toContainEqual(
      expect.objectContaining({ type: 'progress_update', text: 'Asking the station in Berlin …' }),
    );
    for (const trace of ['tool', '<', 'arguments']) expect(seen.raw).not.toContain(trace);

    const [first, second] = upstream.requests.slice(-2);
    expect(first?.body).not.toHaveProperty('tools');
    expect(toldIn(first)[0]?.content).toMatch(/^You tell people about the weather\.[^]*# Tools[^]*"temperature"/);
    expect(toldIn(second).slice(-2)).toEqual([
      {
        role: 'assistant',
        content:
          'I ask the station.\n<tool_call>\n{"name": "temperature", "arguments": {"city":"Berlin"}}\n</tool_call>',
      },
      {
        role: 'user',
        content: '<tool_response>\n{"name": "temperature", "content": {"city":"Berlin","celsius":9}}\n</tool_response>',
      },
    ]);
  });

  it('that finds the conversation too long is asked with its newest half, which only the log tells', async () => {
    const options = { model: 'local/forgetful' };
    const query = '?assistant=plain';
    const opened = await post(relay.url, createThread('One', options), { query });
    const threadId = threadIdOf(opened);
    await post(relay.url, addMessage(threadId, 'Two', options), { query });
    const seen = await post(relay.url, addMessage(threadId, 'Three', options), { query });
    const [message] = doneItems(seen.events, 'assistant_message');
    expect(textOf(message)).toMatch(/^I know [123] messages\.$/);
    expect(seen.events.filter(({ type }) => type === 'error' || type === 'notice')).toEqual([]);
    expect(toldIn(upstream.requests.at(-1)).at(-1)).toEqual({ role: 'user', content: 'Three' });
    expect(toldIn(upstream.requests.at(-2))).toHaveLength(5);
    await until('the line in the log', 10_000, async () =>
      relay.workers[0]?.output().includes('the oldest messages were left out of the prompt'),
    );
  });
});
