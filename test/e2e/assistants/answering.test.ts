import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, doneItems, textOf, threadIdOf } from '../../support/chat.js';
import { eventOf, message, preamble, story, told, toolResults, useStage } from './support/stage.js';

const STREAM_ERROR = { type: 'error', code: 'stream.error', allow_retry: true };
const stage = useStage('postgres', 'test/e2e/assistants/modules/chatkit.config.yaml');

const typesOf = async (threadId: string) => (await stage.stored(threadId)).map(({ type }) => type);
const toolCall = (name: string) => ({ tool_call: { name, arguments: {} } });

/** Asks, and closes the connection as soon as the page has seen something. */
const stopped = async (assistant: string, text: string, scripts: object[], seen: string) => {
  const answer = await stage.begin(assistant, text, scripts, {
    onEvents: (events, request) => {
      if (JSON.stringify(events).includes(seen)) request.destroy();
    },
  });
  const threadId = threadIdOf(answer);
  expect((await stage.settled(threadId)).state).toBe('cancelled');
  return stage.stored(threadId);
};

const json = async (assistant: string, body: unknown) => {
  const answer = await stage.ask(assistant, body);
  return { status: answer.status, body: JSON.parse(answer.raw) as unknown };
};
const audio = (assistant: string, audio_base64: string) =>
  json(assistant, { type: 'input.transcribe', params: { audio_base64, mime_type: 'audio/webm;codecs=opus' } });

describe('which assistant answers', () => {
  it('is what the query says', async () => {
    await stage.begin('bare', 'Hello', [{ text: 'Hi.' }]);
    expect((await stage.calls())[0]?.instructions).toBe('You answer in one sentence.');
  });

  it('must be one that there is (ER-4)', async () => {
    const threads = () => stage.relay.query('SELECT id FROM threads');
    const before = await threads();
    const answer = await stage.ask('nobody', createThread('Hello'));
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.raw)).toMatchObject({ error: { code: 'assistant.not_found' } });
    expect(await threads()).toEqual(before);
  });
});

describe('a guardrail', () => {
  it.each([
    ['the built-in answer', 'Something rude'],
    ['an item of its own code', 'Own: something rude'],
  ])('on the input stops the model and takes back %s (GF-21)', async (_, text) => {
    const answer = await stage.begin('guarded', text, [{ deltas: ['one ', 'two ', 'three'], hang_after: 2 }]);
    const removed = answer.events.filter(({ type }) => type === 'thread.item.removed').map((event) => event['item_id']);
    const produced = answer.events
      .slice(2)
      .map((event) => event['item'] as { id: string } | undefined)
      .flatMap((item) => (item ? [item.id] : []));
    expect(removed.toSorted()).toEqual(produced.toSorted());
    expect(produced.length).toBeGreaterThan(0);
    expect(answer.events.at(-1)).toEqual({
      type: 'error',
      code: 'custom',
      message: 'Please stay polite.',
      allow_retry: true,
    });
    const threadId = threadIdOf(answer);
    expect(await typesOf(threadId)).toEqual(['user_message']);
    expect(await stage.settled(threadId)).toMatchObject({ state: 'failed', error_code: 'run.guardrail' });
    expect((await stage.calls())[0]?.cancelled).toBe(true);
  });

  it('on the output takes the whole answer back', async () => {
    const answer = await stage.begin('guarded', 'Own: tell me', [{ text: 'The SECRET is out.' }]);
    expect(story(answer.events)).toEqual([...preamble, 'done widget', ...message(), 'removed', 'removed', 'error']);
    expect(answer.events.at(-1)).toEqual(STREAM_ERROR);
    expect(await typesOf(threadIdOf(answer))).toEqual(['user_message']);
  });

  it('on the input that says no when the answer is complete takes it back, too', async () => {
    const answer = await stage.begin('checked', 'Something rude', [{ text: 'Quickly said.' }]);
    expect(story(answer.events).slice(-2)).toEqual(['removed', 'error']);
    expect(story(answer.events)).not.toContain('done assistant_message');
    expect(await typesOf(threadIdOf(answer))).toEqual(['user_message']);
  });

  it('that does not trip changes nothing', async () => {
    const answer = await stage.begin('guarded', 'Tell me', [{ text: 'Gladly.' }]);
    expect(story(answer.events)).toEqual([...preamble, ...message()]);
  });
});

describe('the tool loop', () => {
  it('ends when the model has been asked often enough', async () => {
    const answer = await stage.begin('tools', 'Go on', [
      { text: 'One.', ...toolCall('again') },
      toolCall('again'),
      toolCall('again'),
      { text: 'Never said.' },
    ]);
    expect(story(answer.events)).toEqual([...preamble, ...message(), 'error']);
    expect(answer.events.at(-1)).toEqual(STREAM_ERROR);
    expect(await stage.calls()).toHaveLength(3);
    const threadId = threadIdOf(answer);
    expect(await stage.settled(threadId)).toMatchObject({ state: 'failed', error_code: 'run.too_many_turns' });
    expect(await typesOf(threadId)).toEqual(['user_message', 'assistant_message']);
  });

  it('ends after a tool of `stopAtTools`', async () => {
    const answer = await stage.begin('tools', 'Finish', [
      { text: 'Finishing.', ...toolCall('finish') },
      { text: 'Never said.' },
    ]);
    expect(story(answer.events)).toEqual([...preamble, ...message()]);
    expect(await stage.calls()).toHaveLength(1);
    expect((await stage.settled(threadIdOf(answer))).state).toBe('completed');
  });

  it('ends in an error without text when a tool says so, with the cause in the log (ER-5)', async () => {
    const answer = await stage.begin('tools', 'Break', [toolCall('breaks'), { text: 'Never said.' }]);
    expect(story(answer.events)).toEqual([...preamble, 'error']);
    expect(answer.events.at(-1)).toEqual(STREAM_ERROR);
    expect(answer.raw).not.toContain('secret');
    await expect.poll(stage.log).toContain('the inner secret');
    expect(await stage.calls()).toHaveLength(1);
  });

  it('tells the model of a tool that there is not', async () => {
    await stage.begin('tools', 'What?', [toolCall('unheard_of'), { text: 'Well.' }]);
    expect(toolResults((await stage.calls())[1])).toEqual(['There is no tool "unheard_of".']);
  });
});

describe('own code', () => {
  it('that yields no event ends in an error without text; what was finished stays (ER-5)', async () => {
    const answer = await stage.begin('own', 'invalid', []);
    expect(story(answer.events)).toEqual([...preamble, 'done assistant_message', 'error']);
    expect(answer.events.at(-1)).toEqual(STREAM_ERROR);
    expect(await stage.settled(threadIdOf(answer))).toMatchObject({ state: 'failed', error_code: 'run.assistant' });
    expect(await typesOf(threadIdOf(answer))).toEqual(['user_message', 'assistant_message']);
    await expect.poll(stage.log).toMatch(/yielded no valid event \(thread\.item\.done\).*content/);
  });

  it('cannot write into another thread', async () => {
    const answer = await stage.begin('own', 'foreign', []);
    expect(answer.events.at(-1)).toEqual(STREAM_ERROR);
    await expect.poll(stage.log).toContain('of another thread, thr_other');
  });

  it('asks a model by itself, and its tokens are booked on the run', async () => {
    const answer = await stage.begin('own', 'generate', [{ text: 'house' }]);
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe('It says: house');
    const [asked] = await stage.calls();
    expect(asked).toMatchObject({ instructions: 'Translate.', raw: { temperature: 0 } });
    expect(told(asked)).toContain('Haus');
    const run = await stage.settled(threadIdOf(answer));
    expect(JSON.stringify(run.usage)).toMatch(/[1-9]/);
  });

  it('sees the headers that are allowed, and no others', async () => {
    const headers = { 'x-plan': 'gold', 'x-other': 'hidden' };
    const answer = await stage.begin('own', 'headers', [], { headers });
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe('{"x-plan":"gold"}');
  });

  it('may leave the built-in answer, which stops the model', async () => {
    const answer = await stage.begin('own', 'leave', [
      { text: 'Looking.', ...toolCall('unheard_of') },
      { text: 'Never said.' },
    ]);
    expect(doneItems(answer.events, 'assistant_message').map(textOf)).toEqual(['Looking.', 'Enough.']);
    expect(await stage.calls()).toHaveLength(1);
  });

  it('may correct what the model failed to do', async () => {
    const answer = await stage.begin('own', 'rescue', [{ error: { status: 400 } }]);
    expect(deltasOf(answer.events)).toEqual([]);
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe('The model is away.');
    expect(eventOf(answer, 'error')).toBeUndefined();
    expect((await stage.settled(threadIdOf(answer))).state).toBe('completed');
  });
});

describe('a stop', () => {
  it.each([
    ['of code that never comes back', 'never'],
    ['of code that leaves failing promises alone', 'careless'],
  ])('%s: `onCancelled` says what is kept', async (_, play) => {
    const rows = await stopped('own', play, [], 'So far');
    expect(rows.map(({ type }) => type)).toEqual(['user_message', 'assistant_message', 'sdk_hidden_context']);
    expect(rows[1]?.payload).toMatchObject({ content: [{ text: 'So far (stopped)' }] });
    const next = await stage.begin('bare', 'Still there?', [{ text: 'Yes.' }]);
    expect(deltasOf(next.events)).toEqual(['Yes.']);
  });

  it('keeps the partial answer when `onCancelled` never comes back', async () => {
    const rows = await stopped('own', 'hang', [], 'So far');
    expect(rows[1]?.payload).toMatchObject({ content: [{ text: 'So far, hang' }] });
  });

  it('of a tool that hears nothing of it', async () => {
    const rows = await stopped('tools', 'Go', [toolCall('deaf')], 'Deaf …');
    expect(rows.map(({ type }) => type)).toEqual(['user_message', 'sdk_hidden_context']);
  });
});

describe('hooks without a stream', () => {
  it('`transcribe` gets the bytes; without it there is none (RQ-25)', async () => {
    expect(await audio('hooks', 'AAECAw==')).toEqual({
      status: 200,
      body: { text: '4 bytes of audio/webm, that is audio/webm;codecs=opus' },
    });
    expect((await audio('bare', 'AAECAw==')).status).toBe(501);
  });

  it('`onFeedback` is told of thumbs (RQ-24)', async () => {
    const said = await stage.begin('hooks', 'Hello', [{ text: 'Hi.' }]);
    const threadId = threadIdOf(said);
    const itemIds = doneItems(said.events, 'assistant_message').map(({ id }) => id);
    const params = { thread_id: threadId, item_ids: itemIds, kind: 'negative' };
    expect(await json('hooks', { type: 'items.feedback', params })).toEqual({ status: 200, body: {} });
    await expect
      .poll(async () => (await stage.relay.query('SELECT metadata FROM threads WHERE id = $1', [threadId]))[0])
      .toEqual({ metadata: { kind: 'negative', itemIds } });
    expect((await json('bare', { type: 'items.feedback', params })).status).toBe(200);
  });
});

describe('hooks for the model’s input', () => {
  it('replace one kind each', async () => {
    await stage.provider.script([{ text: 'Hello Ada.' }, { text: 'I know.' }]);
    const tag = { type: 'input_tag', id: '42', text: 'Ada', data: {}, interactive: false };
    const input = { content: [{ type: 'input_text', text: 'Who is ' }, tag], attachments: [], inference_options: {} };
    const answer = await stage.ask('hooks', { type: 'threads.create', params: { input } });
    const threadId = threadIdOf(answer);
    const action = { type: 'note', payload: { secret: 'she counts' } };
    await stage.ask('hooks', { type: 'threads.custom_action', params: { thread_id: threadId, item_id: null, action } });
    const next = { content: [{ type: 'input_text', text: 'And?' }], attachments: [], inference_options: {} };
    await stage.ask('hooks', { type: 'threads.add_user_message', params: { thread_id: threadId, input: next } });
    const [first, second] = await stage.calls();
    expect(told(first)).toContain('Who is @Ada');
    expect(told(first)).toContain('Ada is number 42');
    expect(told(second)).toContain('Psst: she counts');
    expect(told(second)).not.toContain('HiddenContext');
  });
});
