import { isDeepStrictEqual } from 'node:util';
import type { WidgetNode, WidgetUpdate } from '../protocol/widget.js';
import { withoutNulls } from '../protocol/without-nulls.js';
import { isNode, isTextNode, type TextNode } from './widget-tree.js';

/**
 * What to send when a streamed widget changes from one state to the next, in this order [WD-1]: nothing, one new root
 * [WD-3], or a delta for each text that grew [WD-4]. Null and undefined props count as absent [SER-4].
 *
 * Text that grows where a delta cannot reach it, in a node without id or below a node that is an only child, sends
 * nothing: it appears when the item is done [WD-5] [WD-6]. The error conditions of [WD-8] cannot occur: they are
 * differences that replace the root.
 */
export function diffWidgets(previous: WidgetNode, next: WidgetNode): WidgetUpdate[] {
  const widget = withoutNulls(next);
  return compareNodes(withoutNulls(previous), widget) ?? [{ type: 'widget.root.updated', widget }];
}

/** The growth of the texts in a tree, in document order; undefined when there is any other difference. */
function compareNodes(before: WidgetNode, after: WidgetNode): WidgetUpdate[] | undefined {
  const grows = isTextNode(before) && isTextNode(after) && after.value.startsWith(before.value);
  if (!isDeepStrictEqual(ownProps(before, grows), ownProps(after, grows))) return undefined;
  const below = compareChildren(before['children'], after['children']);
  return below && grows ? [...growth(before, after), ...below] : below;
}

/** The properties of a node except its children; one that only one side has is a difference, too [WD-7]. */
function ownProps({ children: _children, value, ...props }: WidgetNode, grows: boolean): object {
  return grows || value === undefined ? props : { ...props, value };
}

function growth(before: TextNode, after: TextNode): WidgetUpdate[] {
  const { id, value, streaming } = after;
  if (typeof id !== 'string' || value === before.value) return [];
  const delta = value.slice(before.value.length);
  return [{ type: 'widget.streaming_text.value_delta', component_id: id, delta, done: streaming !== true }];
}

function compareChildren(before: unknown, after: unknown): WidgetUpdate[] | undefined {
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after);
  // Below an only child, texts are compared like other props and never searched for growth [WD-6].
  return compareEntries(before, after) && [];
}

function compareLists(before: readonly unknown[], after: readonly unknown[]): WidgetUpdate[] | undefined {
  if (before.length !== after.length) return undefined;
  const updates: WidgetUpdate[] = [];
  for (const [index, entry] of before.entries()) {
    const found = compareEntries(entry, after[index]);
    if (!found) return undefined;
    updates.push(...found);
  }
  return updates;
}

function compareEntries(before: unknown, after: unknown): WidgetUpdate[] | undefined {
  if (isNode(before) && isNode(after)) return compareNodes(before, after);
  return isDeepStrictEqual(before, after) ? [] : undefined;
}
