import type { WidgetNode, WidgetUpdate } from '../protocol/widget.js';
import { changeFirst, isTextNode, type TextNode } from './widget-tree.js';

/**
 * A widget after one of its updates, [UP-5], [UP-6] and [UP-9]. Pure; an update for a component that does not
 * exist changes nothing. Ids need not be unique [WG-4]: the first node in document order is updated.
 */
export function applyWidgetUpdate(root: WidgetNode, update: WidgetUpdate): WidgetNode {
  switch (update.type) {
    case 'widget.root.updated':
      return update.widget;
    case 'widget.component.updated':
      return changeFirst(
        root,
        ({ id }) => id === update.component_id,
        () => update.component,
      );
    case 'widget.streaming_text.value_delta':
      return changeFirst(
        root,
        (node) => node['id'] === update.component_id && isTextNode(node),
        (node) => grown(node as TextNode, update.delta, update.done),
      );
  }
}

function grown(node: TextNode, delta: string, done: boolean): WidgetNode {
  const longer = { ...node, value: node.value + delta };
  // A text without `streaming` gets `done` with every delta [WD-4], and no prop is added for it.
  return done && node['streaming'] === true ? { ...longer, streaming: false } : longer;
}
