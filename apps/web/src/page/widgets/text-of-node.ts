import { type AnyNode, childrenOf } from './kind.js';
import { text } from './props.js';

const DEEPEST = 50;

function* walk(node: AnyNode, depth = 0): Generator<AnyNode> {
  yield node;
  if (depth > DEEPEST) return;
  for (const child of childrenOf(node['children'])) yield* walk(child, depth + 1);
}

const WITH_VALUE = new Set(['Text', 'Title', 'Caption', 'Markdown', 'Label']);

/** What a component says, for screen readers. */
export function textOfNode(node: AnyNode): string {
  const said = [...walk(node)].map((one) => text(WITH_VALUE.has(one.type) ? one['value'] : one['label']));
  return said.filter(Boolean).join(', ');
}

/** The names of the fields that have a label of their own. */
export const labelledFields = (root: AnyNode): ReadonlySet<string> =>
  new Set([...walk(root)].filter(({ type }) => type === 'Label').map((label) => text(label['fieldName'])));
