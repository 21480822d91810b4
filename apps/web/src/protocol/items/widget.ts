import { applyWidgetUpdate } from '../../../../../libs/chatkit/src/widgets/apply-widget-update.js';
import { type Fields, fields, optionalText, text } from '../read-fields.js';
import type { ItemFields } from './item-fields.js';

/** A component of a widget. Only its type is checked here; what draws it checks the rest. */
export type WidgetNode = Record<string, unknown> & { type: string };

export interface Widget extends ItemFields {
  readonly type: 'widget';
  readonly widget: WidgetNode;
  readonly copy_text?: string | undefined;
}

/** [UP-5], [UP-6] and [UP-9]. */
export type WidgetUpdate = Parameters<typeof applyWidgetUpdate>[1];

/** Undefined if there is nothing to draw. */
export function readWidget(own: ItemFields, item: Fields): Widget | undefined {
  const widget = readNode(item['widget']);
  return widget && { ...own, type: 'widget', widget, copy_text: optionalText(item['copy_text']) };
}

export function readWidgetUpdate(update: Fields): WidgetUpdate | undefined {
  const component_id = text(update['component_id']);
  switch (update['type']) {
    case 'widget.root.updated': {
      const widget = readNode(update['widget']);
      return widget && { type: 'widget.root.updated', widget };
    }
    case 'widget.component.updated': {
      const component = readNode(update['component']);
      return component && { type: 'widget.component.updated', component_id, component };
    }
    case 'widget.streaming_text.value_delta': {
      const [delta, done] = [text(update['delta']), update['done'] === true];
      return { type: 'widget.streaming_text.value_delta', component_id, delta, done };
    }
    default:
      return undefined;
  }
}

export const growWidget = (item: Widget, update: WidgetUpdate): Widget => ({
  ...item,
  widget: applyWidgetUpdate(item.widget, update),
});

function readNode(value: unknown): WidgetNode | undefined {
  const node = fields(value);
  return typeof node?.['type'] === 'string' ? { ...node, type: node['type'] } : undefined;
}
