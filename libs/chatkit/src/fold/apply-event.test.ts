import { describe, expect, it } from 'vitest';
import type { ThreadStreamEvent } from '../protocol/event.js';
import {
  anAssistantMessage,
  anImage,
  answerEvents,
  aUserMessage,
  aWidget,
  aWorkflow,
  partEvents,
  textDelta,
  updated,
} from '../testing/index.js';
import { applyEvent } from './apply-event.js';
import { emptyThread, type ThreadState } from './thread-state.js';

function fold(events: ThreadStreamEvent[], from: ThreadState = emptyThread): ThreadState {
  return events.reduce(applyEvent, from);
}

const added: ThreadStreamEvent = { type: 'thread.item.added', item: anAssistantMessage({ id: 'a', content: [] }) };

describe('a streamed answer', () => {
  it('is open until it is done [GF-2]', () => {
    const events = answerEvents('a', [['Hel', 'lo']]);
    const open = fold(events.slice(0, 3));
    expect(open.items).toEqual([]);
    expect(open.open.get('a')?.item).toEqual(
      anAssistantMessage({ id: 'a', content: [{ type: 'output_text', text: 'Hel', annotations: [] }] }),
    );
    expect(fold(events.slice(3), open)).toEqual({
      items: [anAssistantMessage({ id: 'a', content: [{ type: 'output_text', text: 'Hello', annotations: [] }] })],
      open: new Map(),
      late: new Map(),
    });
  });

  it('grows in the part that the delta names [UP-2]', () => {
    const events = [added, ...partEvents('a', 0, ['one']), ...partEvents('a', 1, ['t', 'wo'])];
    const item = fold(events).open.get('a');
    expect(item?.item).toMatchObject({ content: [{ text: 'one' }, { text: 'two' }] });
    expect(item?.closedParts).toEqual(new Set([0, 1]));
  });

  it('takes the final text of a part from its end, and keeps the annotations [UP-3] [UP-4]', () => {
    const source = { type: 'file' as const, title: 'Scan', filename: 'scan.pdf' };
    const annotation = { type: 'annotation' as const, index: 2, source };
    const part = { type: 'output_text' as const, text: 'Never mind', annotations: [] };
    const place = { content_index: 0, annotation_index: 0 };
    const updates = [
      { type: 'assistant_message.content_part.annotation_added' as const, ...place, annotation },
      { type: 'assistant_message.content_part.done' as const, content_index: 0, content: part },
    ].map((update) => ({ type: 'thread.item.updated' as const, item_id: 'a', update }));
    const state = fold([added, textDelta('a', 0, 'Nev'), ...updates]);
    expect(state.open.get('a')?.item).toMatchObject({ content: [{ ...part, annotations: [annotation] }] });
  });
});

function openOf(...events: ThreadStreamEvent[]) {
  return [...fold(events).open.values()];
}

function task(content: string) {
  return { type: 'thought' as const, status_indicator: 'none' as const, content };
}

describe('an open item of another kind', () => {
  it('takes tasks at their index [WF-7] [UP-8]', () => {
    const [open] = openOf(
      { type: 'thread.item.added', item: aWorkflow() },
      updated('wf_1', { type: 'workflow.task.added', task_index: 0, task: task('H') }),
      updated('wf_1', { type: 'workflow.task.updated', task_index: 0, task: task('Hm') }),
      updated('wf_1', { type: 'workflow.task.added', task_index: 1, task: task('Ah') }),
    );
    expect(open?.item).toMatchObject({ workflow: { tasks: [{ content: 'Hm' }, { content: 'Ah' }] } });
  });

  it('takes the preview of an image [UP-10]', () => {
    const image = { id: 'ig_1', url: 'https://img.example/1' };
    const preview = { type: 'generated_image.updated' as const, image, progress: 0.25 };
    const open = openOf({ type: 'thread.item.added', item: anImage() }, updated('msg_image', preview));
    expect(open).toEqual([{ item: anImage({ image }), closedParts: new Set(), preview }]);
  });

  it('takes changes of a widget [UP-5]', () => {
    const widget = { type: 'Card', children: [] };
    const [open] = openOf(
      { type: 'thread.item.added', item: aWidget() },
      updated('msg_widget', { type: 'widget.root.updated', widget }),
    );
    expect(open?.item).toEqual(aWidget({ widget }));
  });

  it('is left alone by updates that are not for its kind, or not known', () => {
    const unknown = { type: 'hologram.spun' } as unknown as Parameters<typeof updated>[1];
    const widget = { type: 'Card', children: [] };
    const state = fold([{ type: 'thread.item.added', item: anImage() }]);
    expect(fold([updated('msg_image', unknown)], state)).toEqual(state);
    expect(fold([updated('msg_image', { type: 'widget.root.updated', widget })], state)).toEqual(state);
    expect(fold([updated('other', unknown)], state)).toBe(state);
  });
});

describe('a stored widget', () => {
  it('changes on the screen, not in what is stored [PS-7]', () => {
    const widget = { type: 'Card', children: [] };
    const update = { type: 'widget.root.updated' as const, widget };
    const state = fold([{ type: 'thread.item.done', item: aWidget() }, updated('msg_widget', update)]);
    expect(state).toEqual({ items: [aWidget()], open: new Map(), late: new Map([['msg_widget', [update]]]) });
  });
});

describe('items', () => {
  it('are in the order in which they were finished', () => {
    const [first, second] = [answerEvents('a', [['1']]), answerEvents('b', [['2']])];
    const state = fold([...first.slice(0, -1), ...second, ...first.slice(-1)]);
    expect(state.items.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('keep their place when replaced or done again [EV-8] [ST-5]', () => {
    const events = [...answerEvents('a', [['1']]), ...answerEvents('b', [['2']])];
    const replaced = fold([...events, { type: 'thread.item.replaced', item: aUserMessage({ id: 'a' }) }]);
    expect(replaced.items.map(({ id, type }) => [id, type])).toEqual([
      ['a', 'user_message'],
      ['b', 'assistant_message'],
    ]);
  });

  it('lose an unfinished copy when replaced [PS-5]', () => {
    const state = fold([added, { type: 'thread.item.replaced', item: aUserMessage({ id: 'a' }) }]);
    expect(state).toEqual({ ...emptyThread, items: [aUserMessage({ id: 'a' })] });
  });

  it.each([[[added]], [answerEvents('a', [['1']])]])('go when removed, finished or not [EV-7]', (events) => {
    expect(fold([...events, { type: 'thread.item.removed', item_id: 'a' }])).toEqual(emptyThread);
  });

  it('are not touched by events about others, or about none', () => {
    const state = fold(answerEvents('a', [['1']]));
    expect(fold([textDelta('a', 0, 'late'), textDelta('x', 0, '?')], state)).toBe(state);
    expect(applyEvent(state, { type: 'thread.item.removed', item_id: 'x' })).toEqual(state);
    expect(applyEvent(state, { type: 'progress_update', text: 'Looking' })).toBe(state);
  });
});

describe('the fold', () => {
  it('leaves every earlier state as it was', () => {
    const events = [...answerEvents('a', [['1', '2']]), { type: 'thread.item.removed' as const, item_id: 'a' }];
    let state = emptyThread;
    const seen = events.map((event) => {
      const before = structuredClone(state);
      const given = state;
      state = applyEvent(state, event);
      return { given, before };
    });
    for (const { given, before } of seen) expect(given).toEqual(before);
  });

  it('takes time in proportion to the deltas', () => {
    const deltas = Array.from({ length: 100_000 }, () => 'word ');
    const started = performance.now();
    const state = fold([added, ...deltas.map((delta) => textDelta('a', 0, delta))]);
    expect(state.open.get('a')?.item).toMatchObject({ content: [{ text: 'word '.repeat(100_000) }] });
    // About 0.1 s; joining the text anew at each delta would move 25 GB.
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
