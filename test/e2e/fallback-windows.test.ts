import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { SeenRequest } from '#providers/testing';
import { chunk, DONE, STOP } from '../../libs/providers/src/testing/chat-stream.js';
import { addMessage, createThread, deltasOf, post, threadIdOf } from '../support/chat.js';
import { useLocalServer } from '../support/local-server.js';
import { oneEngine } from '../support/one-engine.js';
import { USER_HEADER, useRelay } from '../support/relay.js';

const CONFIG = new URL('fallback-windows.config.yaml', import.meta.url).pathname;

const TOO_LONG = {
  error: {
    message: "This model's maximum context length is 400 tokens. However, you requested 900 tokens.",
    code: 400,
  },
};

interface Told {
  readonly role: string;
  readonly content: string;
}
const toldIn = ({ body }: SeenRequest): readonly Told[] => body['messages'] as Told[];

/** The first model of a chain is down where the newest message says so, and finds the conversation too long where it is. */
function answer(response: ServerResponse, request: SeenRequest): void {
  if (!request.path.endsWith('/chat/completions')) return json(response, 200, { data: [] });
  const told = toldIn(request);
  const newest = told.at(-1)?.content ?? '';
  const isBig = request.path.startsWith('/big');
  if (!isBig && newest.includes('while you are down')) return json(response, 503, { error: { message: 'down' } });
  if (request.path.startsWith('/unknown') && told.length > 3) return json(response, 400, TOO_LONG);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(
    `${chunk({ role: 'assistant', content: isBig ? 'From the big one.' : 'From the small one.' })}${STOP}${DONE}`,
  );
}

const json = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** About so many tokens, which a person may have pasted. */
const words = (count: number): string => 'word '.repeat(count).trim();

describe.each(oneEngine('postgres'))('a chain of a small and a big model, on %s', (engine) => {
  const upstream = useLocalServer(answer);
  const relay = useRelay(engine, () => ({ variables: { CHATKIT_CONFIG: CONFIG, TEST_URL: upstream.url } }));

  /** Says these in one thread. @returns the last answer, and what each model was asked for it */
  async function converse(model: string, ...messages: readonly string[]) {
    let threadId = '';
    let before = 0;
    let text = '';
    for (const message of messages) {
      before = upstream.requests.length;
      const body = threadId ? addMessage(threadId, message, { model }) : createThread(message, { model });
      const seen = await post(relay.url, body);
      threadId ||= threadIdOf(seen);
      text = deltasOf(seen.events).join('');
    }
    const asked = upstream.requests.slice(before).filter(({ path }) => path.endsWith('/chat/completions'));
    const of = (id: string) => asked.filter(({ path }) => path.startsWith(`/${id}/`)).map(toldIn);
    return { text, of };
  }

  /** A request of the gateway with so many words. */
  const complete = (count: number, stream: boolean) =>
    fetch(`${relay.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [USER_HEADER]: 'ada' },
      body: JSON.stringify({
        model: 'small-first',
        stream,
        messages: [
          { role: 'user', content: words(count) },
          { role: 'assistant', content: 'Yes.' },
          { role: 'user', content: 'And?' },
        ],
      }),
    });

  const past = ['One', 'Two', 'Three'].map((name) => `${name}: ${words(90)}`);
  /** As the big model is told it: in its own form, with nothing left out for the sake of the small one. */
  const wholeTo = (newest: string, answers: string): readonly Told[] => [
    { role: 'system', content: 'You know the way.' },
    ...past.flatMap((content) => [
      { role: 'user', content },
      { role: 'assistant', content: answers },
    ]),
    { role: 'user', content: newest },
  ];

  it('the big one is asked with all of the conversation, of which the small one got the end in its own form', async () => {
    const newest = 'And now, while you are down?';
    const { text, of } = await converse('small-first', ...past, newest);
    expect(text).toBe('From the big one.');
    const [small = []] = of('small');
    expect(small.map(({ role }) => role)).not.toContain('system');
    expect(small[0]?.content).toContain('You know the way.');
    expect(small.at(-1)?.content).toContain(newest);
    expect(small.map(({ content }) => content).join(' ')).not.toContain('One:');
    expect(of('big')).toEqual([wholeTo(newest, 'From the small one.')]);
  });

  it('the big one is asked with all of what a model of an unknown window finds too long', async () => {
    const { text, of } = await converse('unknown-first', ...past, 'And now?');
    expect(text).toBe('From the big one.');
    expect(of('unknown')).toHaveLength(1);
    const [told = []] = of('big');
    expect(told.map(({ role }) => role)).toEqual(wholeTo('', '').map(({ role }) => role));
    expect(told.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([...past, 'And now?']);
  });

  it('a question that is too long for the small one goes to the big one only', async () => {
    const { text, of } = await converse('small-first', `Long: ${words(700)}`);
    expect(text).toBe('From the big one.');
    expect([of('small').length, of('big').length]).toEqual([0, 1]);
  });

  it('tells a caller of the gateway where all find it too long, and asks none', async () => {
    const before = upstream.requests.length;
    for (const stream of [true, false]) {
      const refused = await complete(110_000, stream);
      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { error: { code: 'context_length_exceeded', type: 'invalid_request_error' } },
      ]);
    }
    const asked = () => upstream.requests.slice(before).filter(({ path }) => path.endsWith('/chat/completions'));
    expect(asked()).toEqual([]);
    // Nothing was left out for the model that could not take it.
    expect(await (await complete(700, false)).json()).toMatchObject({
      choices: [{ message: { content: 'From the big one.' } }],
    });
    expect(asked().map(({ path }) => path.split('/')[1])).toEqual(['big']);
    expect(toldIn(asked()[0]!)).toHaveLength(3);
  });

  it('what fits is the small one’s', async () => {
    const { text, of } = await converse('small-first', 'Short?');
    expect(text).toBe('From the small one.');
    expect(of('big')).toEqual([]);
  });
});
