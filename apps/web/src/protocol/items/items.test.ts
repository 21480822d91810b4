import { describe, expect, it } from 'vitest';
import { applyEvent, closeOpen, type Entries } from '../fold.js';
import { readEvent } from '../read-event.js';
import { readItem } from './index.js';
import { textOf } from './text-of.js';

const at = { thread_id: 'thr_1', created_at: '2026-01-01T00:00:00Z' };
const added = (item: object) => ({ type: 'thread.item.added', item: { id: 'it_1', ...at, ...item } });
const done = (item: object) => ({ type: 'thread.item.done', item: { id: 'it_1', ...at, ...item } });
const updated = (update: object) => ({ type: 'thread.item.updated', item_id: 'it_1', update });

function fold(...events: object[]): Entries {
  return events.reduce<Entries>((entries, event) => {
    const read = readEvent(JSON.stringify(event));
    return read ? applyEvent(entries, read) : entries;
  }, []);
}
const firstOf = (...events: object[]) => fold(...events)[0]?.item;

const url = { type: 'url', title: 'Streams', url: 'https://example.com/streams' };
const annotation = (index: number) => ({ type: 'annotation', source: url, index });

describe('items of the wire', () => {
  it('are read whatever their fields hold', () => {
    const kinds = ['user_message', 'assistant_message', 'client_tool_call', 'widget', 'generated_image'];
    for (const type of [...kinds, 'structured_input', 'workflow', 'task', 'end_of_turn', 'brand_new', 'toString', 7]) {
      for (const junk of [undefined, null, 7, 'text', [], [null, 7], {}, { type: 7, tasks: 'x', children: null }]) {
        const more = {
          content: junk,
          widget: junk,
          workflow: junk,
          task: junk,
          image: junk,
          inputs: junk,
          arguments: junk,
        };
        const item = readItem({ id: 'it_1', ...at, type, ...more });
        expect(item?.id).toBe('it_1');
        expect(typeof (item && textOf(item))).toBe('string');
      }
    }
  });

  it('are not shown when they are hidden', () => {
    const hidden = { type: 'hidden_context_item', content: 'x' };
    expect(fold(added(hidden), done({ ...hidden, type: 'sdk_hidden_context' }))).toEqual([]);
    const message = { type: 'assistant_message', content: [] };
    expect(fold(done(message), { ...done(hidden), type: 'thread.item.replaced' })).toEqual([]);
  });

  it('keep their place when their type is new', () => {
    expect(readItem({ id: 'it_1', type: 'hologram', ...at, x: 1 })).toMatchObject({
      type: 'other',
      kind: 'hologram',
      raw: { x: 1 },
    });
  });
});

const task = (content: string) => ({ type: 'thought', content });
const root = (value: string) => ({ type: 'Card', children: [{ type: 'Text', id: 't', value, streaming: true }] });

describe('updates of items', () => {
  it('collect the citations of a text, and keep them when its end does not repeat them', () => {
    const part = { type: 'output_text', text: 'Streams are logs.', annotations: [] };
    const type = 'assistant_message.content_part';
    const item = firstOf(
      added({ type: 'assistant_message', content: [] }),
      updated({ type: `${type}.text_delta`, content_index: 0, delta: part.text }),
      updated({ type: `${type}.annotation_added`, content_index: 0, annotation_index: 0, annotation: annotation(7) }),
      updated({ type: `${type}.annotation_added`, content_index: 0, annotation_index: 1, annotation: { source: {} } }),
      updated({ type: `${type}.done`, content_index: 0, content: part }),
    );
    expect(item).toMatchObject({
      content: [{ text: part.text, annotations: [{ index: 7, source: { title: 'Streams' } }] }],
    });
  });

  it('put tasks at their places', () => {
    const workflow = { type: 'workflow', workflow: { type: 'reasoning', tasks: [] } };
    const entries = fold(
      added(workflow),
      updated({ type: 'workflow.task.added', task_index: 0, task: task('a') }),
      updated({ type: 'workflow.task.updated', task_index: 0, task: task('ab') }),
      updated({ type: 'workflow.task.added', task_index: 9, task: task('c') }),
    );
    expect(textOf(entries[0]!.item)).toBe('ab\n\nc');
    expect(entries[0]?.progress).toBe('open');
  });

  it('open a finished workflow again when it gets another task', () => {
    const workflow = { type: 'workflow', workflow: { type: 'custom', tasks: [] } };
    const look = { type: 'custom', title: 'Look' };
    const entries = fold(done(workflow), updated({ type: 'workflow.task.added', task_index: 0, task: look }));
    expect(entries[0]?.progress).toBe('open');
  });

  it('grow the text of a widget, and replace the whole', () => {
    const grow = { type: 'widget.streaming_text.value_delta', component_id: 't', delta: ' you', done: true };
    const item = firstOf(added({ type: 'widget', widget: root('Thank') }), updated(grow));
    expect(item).toMatchObject({ widget: { children: [{ value: 'Thank you', streaming: false }] } });
    const replaced = firstOf(
      done({ type: 'widget', widget: root('a') }),
      updated({ type: 'widget.root.updated', widget: root('b') }),
    );
    expect(replaced).toMatchObject({ widget: root('b') });
  });

  it('show previews of an image until it is made', () => {
    const preview = { type: 'generated_image.updated', image: { id: 'ig_1', url: '/a.png' }, progress: 0.5 };
    const item = firstOf(added({ type: 'generated_image' }), updated(preview));
    expect(item).toMatchObject({ image: { url: '/a.png' }, made: 0.5 });
  });

  it('of another kind of item change nothing', () => {
    const before = fold(added({ type: 'assistant_message', content: [] }));
    const event = readEvent(JSON.stringify(updated({ type: 'workflow.task.added', task: { type: 'image' } })));
    expect(event && applyEvent(before, event)).toEqual(before);
  });
});

describe('items at the end of a turn', () => {
  const workflow = { type: 'workflow', workflow: { type: 'custom', tasks: [] } };

  it('are kept when the turn ends at a tool of the page', () => {
    const call = { type: 'client_tool_call', id: 'tc_1', call_id: 'c', name: 'theme', arguments: {} };
    const [first, second] = fold(added(workflow), done(call));
    expect([first?.progress, second?.progress]).toEqual(['done', 'done']);
  });

  it('are dropped by a stop unless they are messages', () => {
    const message = { ...added({ type: 'assistant_message', content: [] }).item, id: 'it_2' };
    const entries = closeOpen(fold(added(workflow), { type: 'thread.item.added', item: message }), 'stopped');
    expect(entries.map(({ progress }) => progress)).toEqual(['lost', 'stopped']);
  });
});
