import type { ThreadStreamEvent, WidgetItem } from '#chatkit';
import { aWidget } from '#chatkit/testing';
import { describe, expect, it } from 'vitest';
import { showWidget } from './show-widget.js';

const card = (value: string) => ({ type: 'Card', children: [{ type: 'Text', id: 't', value }] });
const toItem = (widget: WidgetItem['widget']): WidgetItem => aWidget({ widget });

/** What a widget of these states looks like to the page. */
async function shown(states: Parameters<typeof showWidget>[2]): Promise<ThreadStreamEvent[]> {
  const events: ThreadStreamEvent[] = [];
  await showWidget(async (event) => void events.push(event), toItem, states);
  return events;
}

describe('a widget', () => {
  it('of one state is one event [GF-12]', async () => {
    expect(await shown(card('Hello'))).toMatchObject([{ type: 'thread.item.done', item: { widget: card('Hello') } }]);
  });

  it.each([
    ['a list', () => [card('He'), card('Hello'), card('Hello'), card('Bye')]],
    [
      'a generator',
      async function* () {
        yield* [card('He'), card('Hello'), card('Hello'), card('Bye')];
      },
    ],
  ])('of several states, from %s, travels as what has changed [WD-2] to [WD-5]', async (_, states) => {
    expect(await shown(states())).toMatchObject([
      { type: 'thread.item.added', item: { widget: card('He') } },
      { update: { type: 'widget.streaming_text.value_delta', component_id: 't', delta: 'llo', done: true } },
      { update: { type: 'widget.root.updated', widget: card('Bye') } },
      { type: 'thread.item.done', item: { widget: card('Bye') } },
    ]);
  });

  it('of no state, or of something else, is an error', async () => {
    await expect(shown([])).rejects.toThrow('at least one state');
    await expect(shown({ children: [] } as never)).rejects.toThrow(/type/);
  });
});
