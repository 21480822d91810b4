import { createContext, type ComponentType, useContext } from 'react';
import { texts } from '../../i18n/texts.js';
import { type AnyNode, childrenOf, type Kind } from './kind.js';
import { KINDS } from './kinds.js';
import { optionalText } from './props.js';

/** Deeper nodes are not drawn: no widget that a person reads is that deep. */
const DEEPEST = 50;
const Depth = createContext(0);

/** A component of a widget; one that this page does not know says so, and shows its children. */
export function NodeView({ node }: { readonly node: AnyNode }) {
  const depth = useContext(Depth);
  if (depth > DEEPEST) return null;
  const Draw = Object.hasOwn(KINDS, node.type)
    ? (KINDS[node.type as Kind] as ComponentType<{ readonly node: AnyNode }>)
    : Unknown;
  return (
    <Depth value={depth + 1}>
      <Draw node={node} />
    </Depth>
  );
}

function Unknown({ node }: { readonly node: AnyNode }) {
  return (
    <div className="w-unknown">
      <p className="w-note">{texts.widgets.unknownComponent(node.type)}</p>
      <Children of={node['children']} />
    </div>
  );
}

/** The children of a component. Keys need not be unique [WG-4]. */
export function Children({ of }: { readonly of: unknown }) {
  return withKeys(childrenOf(of)).map(({ key, node }) => <NodeView key={key} node={node} />);
}

interface KeyedNode {
  readonly key: string;
  readonly node: AnyNode;
}

export function withKeys(nodes: readonly AnyNode[]): KeyedNode[] {
  const seen = new Map<string, number>();
  return nodes.map((node, index) => {
    const name = optionalText(node['key']) ?? optionalText(node['id']) ?? `${node.type} ${index}`;
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return { key: times === 0 ? name : `${name} ${times}`, node };
  });
}
