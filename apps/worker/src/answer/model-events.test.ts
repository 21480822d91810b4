import type { RetrievedDocument, ThreadItem } from '#chatkit';
import type { Source, StreamPart } from '#providers';
import { describe, expect, it } from 'vitest';
import { TURN_BOUNDS } from '../output/turn-bounds.js';
import { recordedOutput, summarized } from '../testing/recorded-output.js';
import { ModelEvents } from './model-events.js';

const start = (id: string, messageId?: string): StreamPart => ({
  type: 'text-start',
  id,
  ...(messageId !== undefined && { messageId }),
});
const delta = (id: string, text: string): StreamPart => ({ type: 'text-delta', id, text });
const end = (id: string): StreamPart => ({ type: 'text-end', id });
const text = (id: string, ...deltas: string[]): StreamPart[] => [
  start(id),
  ...deltas.map((one) => delta(id, one)),
  end(id),
];
const thought = (id: string, ...fragments: string[]): StreamPart[] => [
  { type: 'reasoning-start', id },
  ...fragments.map((one) => ({ type: 'reasoning-delta', id, text: one }) as const),
  { type: 'reasoning-end', id },
];
const call = (id: string, name: string, ...pieces: string[]): StreamPart[] => [
  { type: 'tool-call-start', id, callId: `call_${id}`, name },
  ...pieces.map((piece) => ({ type: 'tool-call-delta', id, arguments: piece }) as const),
  { type: 'tool-call-end', id },
];
const source = (one: Source, id?: string): StreamPart => ({ type: 'source', source: one, ...(id && { id }) });
const finish: StreamPart = { type: 'finish', reason: { unified: 'stop', raw: 'stop' } };

interface Given {
  readonly isLast?: boolean;
  readonly documents?: readonly RetrievedDocument[];
  readonly imagePreviews?: number;
}

/** Feeds the parts of one model call, and gives what came of them. */
async function play(parts: readonly StreamPart[], { isLast = false, documents = [], imagePreviews = 0 }: Given = {}) {
  const { output, stored, events } = recordedOutput();
  let lostAnnotations = 0;
  const model = new ModelEvents({
    sink: output,
    workflow: output.workflow,
    threadId: 'thr_1',
    times: output.times,
    documents,
    imagePreviews,
    onWarning: () => undefined,
    onLostAnnotation: () => void (lostAnnotations += 1),
  });
  for (const part of parts) await model.accept(part);
  await model.end(isLast);
  return { model, output, stored, events: events(), story: summarized(events()), lostAnnotations };
}

const textsOf = (items: readonly ThreadItem[]): string[][] =>
  items.flatMap((item) => (item.type === 'assistant_message' ? [item.content.map((part) => part.text)] : []));

describe('text of a model', () => {
  it('is one message, announced, grown and finished under one id of ours [GF-2] [GF-3]', async () => {
    const { story, events, stored } = await play([...text('a', 'Hel', 'lo'), finish]);
    expect(story).toEqual([
      'added assistant_message',
      'part 0',
      '0: Hel',
      '0: lo',
      'part 0 = Hello',
      'done assistant_message',
    ]);
    const ids = events.map((event) => ('item' in event ? event.item.id : 'item_id' in event && event.item_id));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^msg_/);
    expect(textsOf(stored)).toEqual([['Hello']]);
  });

  it('keeps a character whole that is cut between two deltas [SER-6]', async () => {
    const { story, stored } = await play([...text('a', 'a\ud83d', '\ude00b', '\ud83d')]);
    expect(story.slice(2, -2)).toEqual(['0: a', '0: 😀b', '0: \ud83d']);
    expect(textsOf(stored)).toEqual([['a😀b\ud83d']]);
  });

  it('in two blocks is two parts of one message, also where they grow side by side', async () => {
    const { story, stored } = await play([
      start('a'),
      start('b'),
      delta('b', 'B'),
      delta('a', 'A'),
      end('b'),
      end('a'),
    ]);
    expect(story).toEqual([
      'added assistant_message',
      'part 0',
      'part 1',
      '1: B',
      '0: A',
      'part 1 = B',
      'part 0 = A',
      'done assistant_message',
    ]);
    expect(textsOf(stored)).toEqual([['A', 'B']]);
  });

  it('under two message ids is two messages, the first finished before the second begins', async () => {
    const parts = [start('a', 'm1'), delta('a', 'One'), end('a'), start('b', 'm2'), delta('b', 'Two'), end('b')];
    const { story, stored, events } = await play(parts);
    expect(story.indexOf('done assistant_message')).toBeLessThan(story.lastIndexOf('added assistant_message'));
    expect(textsOf(stored)).toEqual([['One'], ['Two']]);
    expect(events.filter(({ type }) => type === 'thread.item.added')).toHaveLength(2);
  });

  it('around a thought is a message before it and one behind it', async () => {
    const { story, stored } = await play([...text('a', 'First.'), ...thought('r', 'Hm'), ...text('b', 'Second.')]);
    expect(story).toEqual([
      'added assistant_message',
      'part 0',
      '0: First.',
      'part 0 = First.',
      'done assistant_message',
      'added workflow',
      'added 0: Hm',
      'updated 0: Hm',
      'done workflow',
      'added assistant_message',
      'part 0',
      '0: Second.',
      'part 0 = Second.',
      'done assistant_message',
    ]);
    expect(textsOf(stored)).toEqual([['First.'], ['Second.']]);
  });

  it('that is still open when a thought begins is ended as it is', async () => {
    const { story, stored } = await play([start('a'), delta('a', 'First\ud83d'), ...thought('r'), end('a')]);
    expect(story.slice(3, 6)).toEqual(['0: \ud83d', 'part 0 = First\ud83d', 'done assistant_message']);
    expect(textsOf(stored)).toEqual([['First\ud83d']]);
  });

  it('that ends the turn waits for the turn’s own commit', async () => {
    const { story, stored, output } = await play(text('a', 'Last.'), { isLast: true });
    expect(story.at(-1)).toBe('part 0 = Last.');
    expect(stored).toEqual([]);
    expect(await output.finish()).toMatchObject({ item: { content: [{ text: 'Last.' }] } });
  });
});

describe('citations', () => {
  const url: Source = { type: 'url', url: 'https://a.example/', endIndex: 4 };
  const file: Source = { type: 'file', filename: 'a.pdf', index: 2 };

  it('belong to their block, or to the last text [AN-2]', async () => {
    const parts = [start('a'), delta('a', 'One'), start('b'), delta('b', 'Two'), source(url, 'a'), source(file)];
    const { story, stored } = await play([...parts, end('a'), end('b')]);
    expect(story.filter((line) => line.startsWith('annotation'))).toEqual(['annotation 0.0', 'annotation 1.0']);
    expect(stored[0]).toMatchObject({
      content: [
        {
          annotations: [{ index: 4, source: { type: 'url', title: 'https://a.example/', url: 'https://a.example/' } }],
        },
        { annotations: [{ index: 2, source: { type: 'file', title: 'a.pdf', filename: 'a.pdf' } }] },
      ],
    });
  });

  it('without any text belong to nothing', async () => {
    expect((await play([source(url), source(file, 'gone')])).story).toEqual([]);
  });

  it('beyond what a part may have are left out, and each is told', async () => {
    const sources = Array.from({ length: TURN_BOUNDS.annotations + 2 }, () => source(url));
    const { story, lostAnnotations } = await play([start('a'), delta('a', 'One'), ...sources, end('a')]);
    expect(story.filter((line) => line.startsWith('annotation'))).toHaveLength(TURN_BOUNDS.annotations);
    expect(lostAnnotations).toBe(2);
  });

  it('of documents are read from the text, before its part is done [GF-14]', async () => {
    const documents = [
      { title: 'A', text: '…', url: 'https://a.example/' },
      { title: 'B', text: '…' },
    ];
    const { story, stored } = await play(text('a', 'x [2', '] y [1] [3] [0]'), { documents });
    expect(story.slice(-4)).toEqual([
      'annotation 0.0',
      'annotation 0.1',
      'part 0 = x [2] y [1] [3] [0]',
      'done assistant_message',
    ]);
    expect(stored[0]).toMatchObject({
      content: [
        {
          annotations: [
            { index: 5, source: { type: 'file', title: 'B', filename: 'B' } },
            { index: 11, source: { type: 'url', title: 'A' } },
          ],
        },
      ],
    });
  });
});

describe('thoughts of a model', () => {
  it('stream while they are the first, arrive whole afterwards [GF-11] [WF-2] [WF-3]', async () => {
    const { story } = await play([
      ...thought('r', 'Let ', 'me see'),
      ...thought('s', 'And ', 'then'),
      ...text('a', 'So.'),
    ]);
    expect(story.slice(0, 6)).toEqual([
      'added workflow',
      'added 0: Let ',
      'updated 0: Let me see',
      'updated 0: Let me see',
      'added 1: And then',
      'done workflow',
    ]);
  });

  it('that are blank are not tasks', async () => {
    const { story } = await play([...thought('r'), ...thought('s', ' \n')]);
    expect(story).toEqual(['added workflow']);
  });

  it('that the stream leaves open are shown as far as they came', async () => {
    const { story } = await play([
      ...thought('r', 'One'),
      { type: 'reasoning-start', id: 's' },
      { type: 'reasoning-delta', id: 's', text: 'Two' },
    ]);
    expect(story.at(-1)).toBe('added 1: Two');
  });

  it('cost a long one no more than a few times its length', async () => {
    const fragments = Array.from({ length: 2000 }, () => 'word ');
    const { events } = await play(thought('r', ...fragments));
    const sent = JSON.stringify(events).length;
    expect(sent).toBeLessThan(40 * fragments.join('').length);
    expect(summarized(events).at(-1)).toBe(`updated 0: ${fragments.join('')}`);
  });
});

describe('pictures of a model', () => {
  const image = { mediaType: 'image/png', data: 'AAAA' };
  const began: StreamPart = { type: 'image-start', id: 'i', callId: 'ig_1' };

  it('have a place, previews with their progress, and an end [GF-13] [IM-1] [IM-2]', async () => {
    const previews = [0, 1, 2, 3].map((index) => ({ type: 'image-preview', id: 'i', index, ...image }) as const);
    const { story, stored, events } = await play([began, ...previews, { type: 'image-end', id: 'i', ...image }], {
      imagePreviews: 2,
    });
    expect(story).toEqual([
      'added generated_image',
      'preview 0',
      'preview 0.5',
      'preview 1',
      'preview 1',
      'done generated_image',
    ]);
    expect(events[0]).not.toHaveProperty('item.image');
    expect(stored).toMatchObject([{ image: { id: 'ig_1', url: 'data:image/png;base64,AAAA' } }]);
  });

  it('report no progress when the number of previews is unknown', async () => {
    const { story } = await play([began, { type: 'image-preview', id: 'i', index: 3, ...image }]);
    expect(story.at(-1)).toBe('preview 0');
  });

  it('that fail are removed; parts of an unknown one are ignored', async () => {
    const { story, stored } = await play([
      began,
      { type: 'image-failed', id: 'i' },
      { type: 'image-end', id: 'i', ...image },
    ]);
    expect(story).toEqual(['added generated_image', 'removed']);
    expect(stored).toEqual([]);
  });
});

describe('the prompt of the next call', () => {
  it('is text, calls and thoughts in their order, with the arguments put together', async () => {
    const replay = { type: 'reasoning', provider: 'openai', data: { id: 'rs_1' } } as const;
    const { model, story } = await play([
      { type: 'reasoning-replay', reasoning: replay },
      ...text('a', 'I ', 'look.'),
      ...call('1', 'find', '{"q":', '"x"}'),
      ...call('2', 'list'),
      { type: 'tool-call-delta', id: 'unknown', arguments: 'x' },
    ]);
    const calls = [
      { type: 'tool-call', callId: 'call_1', name: 'find', arguments: '{"q":"x"}' },
      { type: 'tool-call', callId: 'call_2', name: 'list', arguments: '' },
    ];
    expect(model.content).toEqual([replay, { type: 'text', text: 'I look.' }, ...calls]);
    expect(model.toolCalls).toEqual(calls);
    expect(story.join()).not.toContain('tool');
  });

  it('records the finish reason, and when the first text came', async () => {
    const usage = { inputTokens: 3, outputTokens: 2 };
    const reason = { unified: 'length', raw: 'max_tokens' } as const;
    const parts: StreamPart[] = [
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 1 } },
      { type: 'warning', warning: { code: 'unsupported_content', detail: '' } },
      { type: 'finish', reason, usage },
    ];
    const { model } = await play(parts);
    expect(model).toMatchObject({ finish: reason, firstTextAt: undefined });
    expect((await play(text('a', 'x'))).model).toMatchObject({ firstTextAt: expect.any(Date) });
  });
});

describe('an answer that another model starts again', () => {
  const ref = { provider: 'p', model: 'm' };
  const discard: StreamPart = { type: 'discard', failed: ref, next: { provider: 'q', model: 'm' } };

  it('withdraws what was shown of the first, finished or not, and stores the second alone', async () => {
    const { story, events, output, model } = await play([
      ...text('a', 'one'),
      start('b', 'message 2'),
      delta('b', 'two'),
      ...call('x', 'f', '{}'),
      discard,
      ...text('a', 'anew'),
      finish,
    ]);
    const added = events.flatMap((event) => (event.type === 'thread.item.added' ? [event.item.id] : []));
    const removed = events.flatMap((event) => (event.type === 'thread.item.removed' ? [event.item_id] : []));
    expect(removed).toEqual(added.slice(0, 2));
    expect(story.slice(story.indexOf('removed'))).toEqual([
      'removed',
      'removed',
      'added assistant_message',
      'part 0',
      '0: anew',
      'part 0 = anew',
      'done assistant_message',
    ]);
    expect([...output.finished.keys()]).toEqual(added.slice(2));
    expect(output.open.unfinished()).toEqual([]);
    expect(model.content).toEqual([{ type: 'text', text: 'anew' }]);
    expect(model.toolCalls).toEqual([]);
  });

  it('withdraws thoughts that stream or are finished, and pictures', async () => {
    const { events, story, output } = await play([
      ...thought('r', 'hm'),
      { type: 'image-start', id: 'i', callId: 'c' },
      { type: 'image-end', id: 'i', mediaType: 'image/png', data: 'AA==' },
      { type: 'image-start', id: 'j', callId: 'd' },
      { type: 'reasoning-start', id: 's' },
      { type: 'reasoning-delta', id: 's', text: 'hm again' },
      discard,
      ...thought('r', 'well'),
      ...text('a', 'anew'),
      finish,
    ]);
    const added = events.flatMap((event) => (event.type === 'thread.item.added' ? [event.item] : []));
    const removed = events.flatMap((event) => (event.type === 'thread.item.removed' ? [event.item_id] : []));
    const kept = added.filter(({ id }) => !removed.includes(id));
    expect(kept.map(({ type }) => type)).toEqual(['workflow', 'assistant_message']);
    expect(kept.map(({ id }) => id)).toEqual([...output.finished.keys()]);
    expect(story.at(-1)).toBe('done assistant_message');
    expect(story[story.lastIndexOf('removed') + 1]).toBe('added workflow');
  });
});

const calls = (count: number) => Array.from({ length: count }, (_, n) => call(String(n), 'it', '{}')).flat();

describe('what one turn may ask for', () => {
  const NAMED = 'run.turn_too_large';

  it('is 128 tools, and a megabyte of arguments for each', async () => {
    expect((await play([...calls(128), finish])).model.toolCalls).toHaveLength(128);
    await expect(play(calls(129))).rejects.toMatchObject({ errorCode: NAMED });
    await expect(play(call('a', 'it', 'x'.repeat(600_000), 'x'.repeat(400_000)))).resolves.toBeDefined();
    await expect(play(call('a', 'it', 'x'.repeat(600_000), 'x'.repeat(400_001)))).rejects.toMatchObject({
      errorCode: NAMED,
    });
  });
});
