import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WidgetNode } from '../protocol/widget.js';
import { applyWidgetUpdate } from './apply-widget-update.js';
import { diffWidgets } from './diff-widgets.js';
import { isNode, isTextNode } from './widget-tree.js';

/** A tree without ids; `named` gives each node its own. */
const { tree } = fc.letrec<{ tree: WidgetNode; node: WidgetNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record(
      { type: fc.constantFrom('Text', 'Markdown'), value: fc.constantFrom('', 'a', 'ab'), streaming: fc.boolean() },
      { requiredKeys: ['type', 'value'] },
    ),
    fc.record({ type: fc.constant('Badge'), label: fc.constantFrom('x', 'y') }),
    fc.record({ type: fc.constant('Row'), children: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ type: fc.constant('Transition'), children: tie('node') }),
  ),
  tree: fc.record({ type: fc.constant('Card'), children: fc.array(tie('node'), { maxLength: 3 }) }),
}));

function mapTree(node: WidgetNode, change: (node: WidgetNode) => WidgetNode): WidgetNode {
  const { children } = node;
  const visit = (child: unknown): unknown => (isNode(child) ? mapTree(child, change) : child);
  if (children === undefined) return change(node);
  return change({ ...node, children: Array.isArray(children) ? children.map(visit) : visit(children) });
}

/** Ids by place, which is what a builder gives; every second node has none when `gaps` is set. */
function named(root: WidgetNode, gaps: boolean): WidgetNode {
  let count = 0;
  return mapTree(root, (node) => (gaps && ++count % 2 === 0 ? node : { ...node, id: `n${count++}` }));
}

/** The tree with something added to its texts, as an author's next state mostly is. */
function grownBy(root: WidgetNode, words: readonly string[]): WidgetNode {
  let count = 0;
  return mapTree(root, (node) =>
    isTextNode(node) ? { ...node, value: node.value + (words[count++ % words.length] ?? '') } : node,
  );
}

const words = fc.array(fc.constantFrom('', '', 'c', 'cd '), { minLength: 1, maxLength: 4 });
/** A state, and one that follows: mostly grown, at times anything else. */
const step = fc
  .record({ first: tree, second: fc.option(tree), more: words, gaps: fc.boolean() })
  .map(({ first, second, more, gaps }) => {
    const before = named(first, gaps);
    return { before, after: second ? named(second, gaps) : grownBy(before, more) };
  });

/** What a screen shows when growth that no delta reaches is not sent [WD-6]: those texts stay as they were. */
function reachable(before: WidgetNode, after: WidgetNode, isReached = true): WidgetNode {
  if (isTextNode(before) && (!isReached || before['id'] === undefined)) return { ...after, value: before.value };
  const [old, { children }] = [before['children'], after];
  if (isNode(old) && isNode(children)) return { ...after, children: reachable(old, children, false) };
  if (!Array.isArray(old) || !Array.isArray(children)) return after;
  return { ...after, children: children.map((child, index) => reachable(old[index], child, isReached)) };
}

describe('the updates between two states', () => {
  it('lead from one to the other, but for growth that no delta reaches', () => {
    fc.assert(
      fc.property(step, ({ before, after }) => {
        const updates = diffWidgets(before, after);
        const isReplaced = updates.length === 1 && updates[0]?.type === 'widget.root.updated';
        const shown = updates.reduce(applyWidgetUpdate, before);
        expect(shown).toEqual(isReplaced ? after : reachable(before, after));
      }),
      { numRuns: 1000 },
    );
  });

  it('say everything when every text has an id and no node is an only child', () => {
    const listed = tree.map((root) =>
      mapTree(root, (node) => (isNode(node['children']) ? { ...node, children: [node['children']] } : node)),
    );
    fc.assert(
      fc.property(listed, words, (root, more) => {
        const before = named(root, false);
        const after = grownBy(before, more);
        const updates = diffWidgets(before, after);
        expect(updates.every(({ type }) => type === 'widget.streaming_text.value_delta')).toBe(true);
        expect(updates.reduce(applyWidgetUpdate, before)).toEqual(after);
      }),
    );
  });
});
