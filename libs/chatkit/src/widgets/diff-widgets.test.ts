import { describe, expect, it } from 'vitest';
import type { WidgetNode } from '../protocol/widget.js';
import { diffWidgets } from './diff-widgets.js';

const card = (...children: unknown[]): WidgetNode => ({ type: 'Card', children });
const text = (value: unknown, props: object = {}): WidgetNode => ({ type: 'Text', id: 'body', value, ...props });
const delta = (component_id: string, words: string, done: boolean) => ({
  type: 'widget.streaming_text.value_delta',
  component_id,
  delta: words,
  done,
});

function threeTexts(a: string, b: string, c: string): WidgetNode {
  const column = { type: 'Col', children: [text(b, { id: 'b' })] };
  return card({ type: 'Row', children: [text(a, { id: 'a' }), column] }, text(c, { id: 'c' }));
}

describe('diffWidgets', () => {
  it.each<[string, WidgetNode]>([
    ['the same tree', card(text('Hi'), { type: 'Row', children: [{ type: 'Divider' }] })],
    ['no children', { type: 'Card' }],
  ])('sends nothing for %s [WD-2]', (_, widget) => {
    expect(diffWidgets(widget, structuredClone(widget))).toEqual([]);
  });

  it('counts null and undefined props as absent', () => {
    expect(diffWidgets(card(text('Hi', { color: null })), card(undefined, text('Hi')))).toEqual([]);
  });

  it.each(['Text', 'Markdown'])('sends what was added to a %s, and whether it is done [WD-4]', (type) => {
    const state = (value: string, streaming?: boolean) => card({ type, id: 'body', value, streaming });
    expect(diffWidgets(state('', true), state('Dear ', true))).toEqual([delta('body', 'Dear ', false)]);
    expect(diffWidgets(state('a', false), state('ab', false))).toEqual([delta('body', 'b', true)]);
    expect(diffWidgets(state('a'), state('ab'))).toEqual([delta('body', 'b', true)]);
  });

  it('sends one delta for each text that grew, in document order [WD-4]', () => {
    expect(diffWidgets(threeTexts('1', '2', '3'), threeTexts('1+', '2', '3+'))).toEqual([
      delta('a', '+', true),
      delta('c', '+', true),
    ]);
    expect(diffWidgets(threeTexts('', '', ''), threeTexts('1', '2', '3'))).toHaveLength(3);
  });

  const old = card(text('Hi', { streaming: true }), { type: 'Row', children: [{ type: 'Badge', label: 'x' }] });

  it.each<[string, WidgetNode, WidgetNode]>([
    ['another text', card(text('Hi')), card(text('Ho'))],
    ['a shorter text', card(text('Hi')), card(text('H'))],
    ['a text that stops streaming as it grows', old, card(text('Hi!', { streaming: false }), ...rest(old))],
    ['another type', card(text('Hi')), card({ ...text('Hi'), type: 'Markdown' })],
    ['another id', card(text('Hi')), card(text('Hi', { id: 'other' }))],
    ['another key', card(text('Hi', { key: 1 })), card(text('Hi', { key: 2 }))],
    ['a prop that is new [WD-7]', card(text('Hi')), card(text('Hi', { color: 'red' }))],
    ['a prop that is gone [WD-7]', card(text('Hi', { color: 'red' })), card(text('Hi'))],
    ['a value that is gone', card(text('Hi')), card(text(undefined))],
    ['one node more', card(text('Hi')), card(text('Hi'), { type: 'Divider' })],
    ['an order that changed', card({ type: 'Divider' }, text('Hi')), card(text('Hi'), { type: 'Divider' })],
    ['a title that grew', card({ type: 'Title', id: 'a', value: 'H' }), card({ type: 'Title', id: 'a', value: 'Hi' })],
    ['a value inside a prop', { ...card(), status: { text: 'a' } }, { ...card(), status: { text: 'b' } }],
    ['a list in a prop', { ...card(), rows: [1, 2] }, { ...card(), rows: [1, 2, 3] }],
    [
      'an only child that became a list',
      { type: 'Transition', children: text('') },
      { type: 'Transition', children: [text('')] },
    ],
    [
      'an only child that changed',
      { type: 'Transition', children: text('a') },
      { type: 'Transition', children: text('b') },
    ],
    ['children that are new', { type: 'Card' }, card()],
    ['another root', card(), { type: 'ListView', children: [] }],
    [
      'a growth beside any other change',
      card(text('H'), text('a', { id: 'b' })),
      card(text('Hi'), text('b', { id: 'b' })),
    ],
  ])('sends the whole root, and nothing else, for %s [WD-3]', (_, before, after) => {
    expect(diffWidgets(before, after)).toEqual([
      { type: 'widget.root.updated', widget: JSON.parse(JSON.stringify(after)) },
    ]);
  });

  it.each<[string, (value: string) => WidgetNode]>([
    ['without id', (value) => card({ type: 'Text', value })],
    ['below an only child', (value) => card({ type: 'Transition', children: text(value) })],
    [
      'in a list below one',
      (value) => card({ type: 'Transition', children: { type: 'Box', children: [text(value)] } }),
    ],
  ])('sends nothing for text that grows %s [WD-6]', (_, state) => {
    expect(diffWidgets(state('H'), state('Hi'))).toEqual([]);
  });

  it('compares actions as values', () => {
    const before = card({ type: 'Button', onClickAction: { type: 'go', payload: { to: [1, 2] } } });
    expect(diffWidgets(before, structuredClone(before))).toEqual([]);
  });
});

function rest(node: WidgetNode): unknown[] {
  return (node['children'] as unknown[]).slice(1);
}
