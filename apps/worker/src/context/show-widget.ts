import { diffWidgets, type ThreadStreamEvent, type WidgetItem, WidgetNode, type WidgetStates } from '#chatkit';

/**
 * Shows a widget. One state is one `done` [GF-12]; of several states the first is announced, each later one is sent as what
 * has changed, and the last one is stored [WD-5].
 */
export async function showWidget(
  emit: (event: ThreadStreamEvent) => Promise<void>,
  toItem: (widget: WidgetNode) => WidgetItem,
  states: WidgetStates,
): Promise<WidgetItem> {
  let item: WidgetItem | undefined;
  const isSequence = Symbol.asyncIterator in states || Symbol.iterator in states;
  for await (const state of isSequence ? (states as AsyncIterable<unknown>) : [states]) {
    const widget = WidgetNode.parse(state);
    if (!item) {
      item = toItem(widget);
      if (isSequence) await emit({ type: 'thread.item.added', item });
      continue;
    }
    for (const update of diffWidgets(item.widget, widget)) {
      await emit({ type: 'thread.item.updated', item_id: item.id, update });
    }
    item = { ...item, widget };
  }
  if (!item) throw new Error('A streamed widget needs at least one state.');
  await emit({ type: 'thread.item.done', item });
  return item;
}
