import { type Mark, WRITTEN_MARK } from '../../protocol/items/cited.js';
import { endOf, startOf, type TreeNode } from './tree.js';

const PHRASING_PARENTS = new Set(['emphasis', 'strong', 'delete']);
const BLOCK_PARENTS = new Set(['root', 'blockquote', 'list', 'listItem', 'table', 'tableRow', 'footnoteDefinition']);
const HOLDS_TEXT = new Set(['paragraph', 'heading', 'tableCell']);

/**
 * A plugin for Markdown that puts marks into its text, at or after their positions, and never into code or an address. A mark
 * takes the place of the one that the text has there already.
 */
export function citations(marks: readonly Mark[]) {
  // The last one first: what is before it keeps its position.
  const backwards = marks.toSorted((a, b) => b.offset - a.offset);
  return () =>
    (tree: TreeNode): void => {
      for (const mark of backwards) placeInBlocks(tree, mark);
    };
}

/** A mark that was placed already has no position, and comes after. */
const isBefore = (node: TreeNode, { offset }: Mark): boolean => node.position !== undefined && startOf(node) < offset;

const markNode = ({ numbers }: Mark): TreeNode => ({
  type: 'citation',
  data: { hName: 'sup', hProperties: { dataNumbers: numbers.join(' ') } },
  children: [],
});

function placeInBlocks(parent: TreeNode, mark: Mark): void {
  const { children = [] } = parent;
  const index = Math.max(
    0,
    children.findLastIndex((child) => isBefore(child, mark)),
  );
  const child = children[index];
  if (child && HOLDS_TEXT.has(child.type)) return placeInText(child, mark);
  if (child && BLOCK_PARENTS.has(child.type)) return placeInBlocks(child, mark);
  // After a block without text of its own, such as code.
  if (parent.type === 'root' || parent.type === 'listItem' || parent.type === 'blockquote') {
    children.splice(index + 1, 0, { type: 'paragraph', children: [markNode(mark)] });
  }
}

function placeInText(parent: TreeNode, mark: Mark): void {
  const { children = [] } = parent;
  const index = children.findLastIndex((child) => isBefore(child, mark));
  const child = children[index];
  if (!child) return void children.splice(0, 0, markNode(mark));
  if (mark.offset >= endOf(child)) return void children.splice(index, 1, withoutWrittenMark(child), markNode(mark));
  if (PHRASING_PARENTS.has(child.type)) return placeInText(child, mark);
  const [before, after] = split(child, mark.offset);
  children.splice(index, 1, withoutWrittenMark(before), markNode(mark), ...(after ? [after] : []));
}

function withoutWrittenMark(node: TreeNode): TreeNode {
  const [start, end] = [startOf(node), endOf(node)];
  const written = isVerbatim(node) ? WRITTEN_MARK.exec(node.value)?.[0].length : undefined;
  return written === undefined || !isVerbatim(node)
    ? node
    : textNode(node.value.slice(0, -written), start, end - written);
}

const textNode = (value: string, from: number, to: number): TreeNode => ({
  type: 'text',
  value,
  position: { start: { offset: from }, end: { offset: to } },
});

/** Not so with escapes in it: its characters are then not those of the source. */
const isVerbatim = (node: TreeNode): node is TreeNode & { readonly value: string } =>
  node.type === 'text' && node.value?.length === endOf(node) - startOf(node);

/** A text before and after a position. */
function split(node: TreeNode, offset: number): [TreeNode, TreeNode?] {
  const [start, end] = [startOf(node), endOf(node)];
  if (!isVerbatim(node)) return [node];
  const at = offset - start;
  return [textNode(node.value.slice(0, at), start, offset), textNode(node.value.slice(at), offset, end)];
}
