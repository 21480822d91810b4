import { LONE_DOLLAR } from './math-delimiters.js';
import { startOf, type TreeNode } from './tree.js';

/** Gives the dollar signs back that are no delimiters, and draws a formula that stands alone as a block. */
export function restoreDollars() {
  return (tree: TreeNode, file: { readonly value: unknown }): void => restore(tree, String(file.value));
}

function restore(node: TreeNode, source: string): void {
  for (const field of ['value', 'url', 'title', 'alt', 'lang', 'meta', 'label'] as const) {
    const text = node[field];
    if (typeof text === 'string' && text.includes(LONE_DOLLAR)) node[field] = text.replaceAll(LONE_DOLLAR, '$');
  }
  if (node.type === 'paragraph' && isLoneFormula(node, source)) node.children = node.children?.map(asBlock) ?? [];
  for (const child of node.children ?? []) restore(child, source);
}

/** `$$x$$` in a line of its own. */
function isLoneFormula({ children = [] }: TreeNode, source: string): boolean {
  const [only] = children;
  return children.length === 1 && only?.type === 'inlineMath' && source.startsWith('$$', startOf(only));
}

const asBlock = (node: TreeNode): TreeNode => ({
  ...node,
  data: { ...node.data, hProperties: { className: ['language-math', 'math-display'] } },
});
