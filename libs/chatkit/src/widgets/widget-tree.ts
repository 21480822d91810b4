import type { WidgetNode } from '../protocol/widget.js';

/** A node whose text can grow [WD-1]. */
export type TextNode = WidgetNode & { type: 'Text' | 'Markdown'; value: string };

/** Whether a prop holds a node: the content of a widget is not checked [WG-5]. */
export function isNode(value: unknown): value is WidgetNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Whether text can be added to the node [UP-9]. */
export function isTextNode(node: WidgetNode): node is TextNode {
  return (node.type === 'Text' || node.type === 'Markdown') && typeof node['value'] === 'string';
}

/**
 * The tree with the first node, in document order, that `fits` changed; the same tree when none does. Unchanged parts
 * are shared with the given tree.
 */
export function changeFirst(
  root: WidgetNode,
  fits: (node: WidgetNode) => boolean,
  change: (node: WidgetNode) => WidgetNode,
): WidgetNode {
  if (fits(root)) return change(root);
  const { children } = root;
  // Most components hold a list; Transition, and Basic in templates, hold one node.
  if (isNode(children)) {
    const changed = changeFirst(children, fits, change);
    return changed === children ? root : { ...root, children: changed };
  }
  return Array.isArray(children) ? changeInList(root, children, (node) => changeFirst(node, fits, change)) : root;
}

function changeInList(root: WidgetNode, children: unknown[], visit: (node: WidgetNode) => WidgetNode): WidgetNode {
  for (const [index, child] of children.entries()) {
    const changed = isNode(child) ? visit(child) : child;
    if (changed !== child) return { ...root, children: children.with(index, changed) };
  }
  return root;
}
