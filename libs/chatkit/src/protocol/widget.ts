import { z } from 'zod';
import { itemFields } from './item-fields.js';
import { orAbsent } from './json.js';
import { withoutNulls } from './without-nulls.js';

/**
 * A node of a widget's tree. Only its type is checked: components and props that this version does not know are
 * stored and sent unchanged [WG-5]; nulls are removed at every depth [SER-4].
 */
export const WidgetNode = z.looseObject({ type: z.string() }).transform((node) => withoutNulls(node));
export type WidgetNode = z.output<typeof WidgetNode>;

/** A widget in a thread [IT-6]; `copy_text` is what the client's copy button takes. */
export const WidgetItem = z.object({
  type: z.literal('widget'),
  ...itemFields,
  widget: WidgetNode,
  copy_text: orAbsent(z.string()),
});
export type WidgetItem = z.output<typeof WidgetItem>;

/** How a widget changes on the screen: [UP-5], [UP-6] and [UP-9]. */
export const WidgetUpdate = z.discriminatedUnion('type', [
  z.object({ type: z.literal('widget.root.updated'), widget: WidgetNode }),
  z.object({ type: z.literal('widget.component.updated'), component_id: z.string(), component: WidgetNode }),
  z.object({
    type: z.literal('widget.streaming_text.value_delta'),
    component_id: z.string(),
    delta: z.string(),
    done: z.boolean(),
  }),
]);
export type WidgetUpdate = z.output<typeof WidgetUpdate>;
