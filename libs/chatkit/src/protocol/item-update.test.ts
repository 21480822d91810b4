import { describe, expect, it } from 'vitest';
import { ItemUpdate } from './item-update.js';

const content = { type: 'output_text', text: '', annotations: [] };
const source = { type: 'file', title: 'Scan', filename: 'scan.pdf' };
const task = { type: 'thought', status_indicator: 'none', content: 'Hm' };
const image = { id: 'ig_1', url: 'https://img.example/1' };
const text = { type: 'Text', value: 'Hi' };

describe('an update', () => {
  it.each([
    { type: 'assistant_message.content_part.added', content_index: 0, content },
    { type: 'assistant_message.content_part.text_delta', content_index: 0, delta: 'Hi' },
    { type: 'assistant_message.content_part.done', content_index: 0, content },
    {
      type: 'assistant_message.content_part.annotation_added',
      content_index: 0,
      annotation_index: 0,
      annotation: { type: 'annotation', source },
    },
    { type: 'widget.root.updated', widget: { type: 'Card', children: [] } },
    { type: 'widget.component.updated', component_id: 'body', component: text },
    { type: 'widget.streaming_text.value_delta', component_id: 'body', delta: 'Hi', done: false },
    { type: 'workflow.task.added', task_index: 0, task },
    { type: 'workflow.task.updated', task_index: 0, task },
    { type: 'generated_image.updated', image, progress: 0.5 },
    { type: 'generated_image.updated', image },
  ])('is read: $type [UP-1] to [UP-10]', (update) => {
    expect(ItemUpdate.parse(update)).toEqual(update);
  });

  it.each([
    { type: 'assistant_message.content_part.text_delta', content_index: -1, delta: '' },
    { type: 'widget.streaming_text.value_delta', component_id: 'body', delta: 'Hi' },
    { type: 'widget.component.updated', component_id: 'body', component: { value: 'Hi' } },
    { type: 'workflow.task.added', task_index: 0.5, task },
    { type: 'generated_image.updated', image, progress: 1.5 },
    { type: 'generated_image.updated', progress: 0 },
  ])('is refused: %j', (update) => {
    expect(ItemUpdate.safeParse(update).success).toBe(false);
  });

  it('carries widgets without nulls [SER-4]', () => {
    const widget = { type: 'Card', children: [null, { ...text, color: null }] };
    expect(ItemUpdate.parse({ type: 'widget.root.updated', widget })).toEqual({
      type: 'widget.root.updated',
      widget: { type: 'Card', children: [text] },
    });
  });
});
