import { describe, expect, it } from 'vitest';
import type { WidgetNode, WidgetUpdate } from '../protocol/widget.js';
import { applyWidgetUpdate } from './apply-widget-update.js';

const text = (id: string, value: string, props: object = {}): WidgetNode => ({ type: 'Text', id, value, ...props });
const card = (...children: unknown[]): WidgetNode => ({ type: 'Card', children });

function delta(component_id: string, words: string, done = false): WidgetUpdate {
  return { type: 'widget.streaming_text.value_delta', component_id, delta: words, done };
}

function component(component_id: string, node: WidgetNode): WidgetUpdate {
  return { type: 'widget.component.updated', component_id, component: node };
}

describe('a new root', () => {
  it('takes the place of the old one [UP-5]', () => {
    expect(applyWidgetUpdate(card(), { type: 'widget.root.updated', widget: card(text('a', 'x')) })).toEqual(
      card(text('a', 'x')),
    );
  });
});

describe('a component', () => {
  const replacement = { type: 'Badge', id: 'a', label: 'new' };

  it.each<[string, WidgetNode, WidgetNode]>([
    ['of the root', card(text('a', 'x'), text('b', 'y')), card(replacement, text('b', 'y'))],
    [
      'deep in lists',
      card({ type: 'Row', children: [text('b', 'y'), text('a', 'x')] }),
      card({ type: 'Row', children: [text('b', 'y'), replacement] }),
    ],
    [
      'that is an only child',
      card({ type: 'Transition', children: text('a', 'x') }),
      card({ type: 'Transition', children: replacement }),
    ],
    ['that is the root', { ...card(), id: 'a' }, replacement],
    ['the first of two', card(text('a', '1'), text('a', '2')), card(replacement, text('a', '2'))],
  ])('%s is replaced by its id [UP-6]', (_, before, after) => {
    expect(applyWidgetUpdate(before, component('a', replacement))).toEqual(after);
  });
});

describe('text', () => {
  it.each(['Text', 'Markdown'])('is added to a %s [UP-9]', (type) => {
    const before = card({ type: 'Box', id: 'a', children: [{ type, id: 'a', value: 'Dear ', streaming: true }] });
    expect(applyWidgetUpdate(before, delta('a', 'Ada'))).toEqual(
      card({ type: 'Box', id: 'a', children: [{ type, id: 'a', value: 'Dear Ada', streaming: true }] }),
    );
  });

  it('stops streaming when it is done, and gets no prop that it did not have [WD-4]', () => {
    expect(applyWidgetUpdate(text('a', 'x', { streaming: true }), delta('a', '!', true))).toEqual(
      text('a', 'x!', { streaming: false }),
    );
    expect(applyWidgetUpdate(text('a', 'x'), delta('a', '!', true))).toEqual(text('a', 'x!'));
  });
});

describe('an update that fits nothing', () => {
  const before = card(null, 'text', { value: 'no type' }, { type: 'Title', id: 'a', value: 'x' }, text('b', 'y'));

  it.each([delta('a', '!'), delta('c', '!'), component('c', card())])('%j changes nothing', (update) => {
    expect(applyWidgetUpdate(before, update)).toBe(before);
  });
});

describe('the given tree', () => {
  it('stays as it was, and what did not change is shared', () => {
    const before = card({ type: 'Row', children: [text('a', 'x')] }, text('b', 'y'));
    const copy = structuredClone(before);
    const after = applyWidgetUpdate(before, delta('a', '!'));
    expect(before).toEqual(copy);
    expect((after['children'] as unknown[])[1]).toBe((before['children'] as unknown[])[1]);
  });
});
