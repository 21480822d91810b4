import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { SeenRequest } from '#providers/testing';
import { chunk, DONE } from '../../libs/providers/src/testing/chat-stream.js';
import {
  createThread,
  doneItems,
  listItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  type WireItem,
} from '../support/chat.js';
import { useLocalServer } from '../support/local-server.js';
import { oneEngine } from '../support/one-engine.js';
import { useRelay } from '../support/relay.js';

const CONFIG = new URL('cut-answers.config.yaml', import.meta.url).pathname;
const HALF = 'The first half of';

/** What comes behind half an answer, by the model's name. */
const ENDS: Readonly<Record<string, string>> = {
  whole: chunk({}, 'stop') + DONE,
  length: chunk({}, 'length') + DONE,
  filtered: chunk({}, 'content_filter') + DONE,
  'unknown-word': chunk({}, 'because') + DONE,
  'no-reason': DONE,
  'no-end': '',
  failed: chunk({}, 'error') + DONE,
  'error-object': `data: ${JSON.stringify({ error: { message: 'out of memory', code: 500 } })}\n\n${DONE}`,
};

function answer(response: ServerResponse, { body }: SeenRequest): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(chunk({ role: 'assistant', content: HALF }) + ENDS[String(body['model'])]);
}

describe.each(oneEngine('redis'))('an answer that is not all of an answer, on %s', (engine) => {
  const upstream = useLocalServer(answer);
  const relay = useRelay(engine, () => ({ variables: { CHATKIT_CONFIG: CONFIG, TEST_URL: upstream.url } }));

  async function ask(model: string) {
    const seen = await post(relay.url, createThread('Say all of it.', { model: `local/${model}` }));
    const page = await postJson<{ data: WireItem[] }>(relay.url, listItems(threadIdOf(seen)));
    const kept = page.data.filter(({ type }) => type === 'assistant_message').map(textOf);
    return { seen, kept, notices: seen.events.filter(({ type }) => type === 'notice') };
  }

  it.each([
    ['length', 'The answer was cut off, because it reached its maximum length.'],
    ['filtered', 'The answer was cut off by a content filter.'],
    ['no-reason', 'The answer may be incomplete: the model did not say why it ended.'],
    ['unknown-word', 'The answer may be incomplete: the model did not say why it ended.'],
  ])('%s: is shown and kept, and the person is told', async (model, message) => {
    const { seen, kept, notices } = await ask(model);
    expect(notices).toEqual([{ type: 'notice', level: 'warning', message }]);
    expect(seen.events.filter(({ type }) => type === 'error')).toEqual([]);
    expect(doneItems(seen.events, 'assistant_message').map(textOf)).toEqual([HALF]);
    expect(kept).toEqual([HALF]);
  });

  it.each(['no-end', 'failed', 'error-object'])('%s: is a failure, and not kept', async (model) => {
    const { seen, kept } = await ask(model);
    expect(seen.events.at(-1)).toMatchObject({ type: 'error', allow_retry: true });
    expect(doneItems(seen.events, 'assistant_message')).toEqual([]);
    expect(kept).toEqual([]);
  });

  it('a whole one says nothing of it', async () => {
    const { seen, kept, notices } = await ask('whole');
    expect([notices, kept]).toEqual([[], [HALF]]);
    expect(seen.events.filter(({ type }) => type === 'error')).toEqual([]);
  });
});
