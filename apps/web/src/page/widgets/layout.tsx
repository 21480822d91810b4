import { createContext, type CSSProperties, useContext } from 'react';
import { childrenOf, type Node } from './kind.js';
import { FormBox } from './form-box.js';
import { Children, NodeView } from './node-view.js';
import { blockStyle, boxStyle, count, directionOf, flag, oneOf, paddingOf, size } from './props.js';
import { useAction } from './use-action.js';

export function Box({ node }: { readonly node: Node<'Box'> }) {
  return (
    <div className="w-box" style={{ ...boxStyle(node), flexDirection: directionOf(node.direction) }}>
      <Children of={node.children} />
    </div>
  );
}

export function Row({ node }: { readonly node: Node<'Row'> }) {
  return (
    <div className="w-row" style={boxStyle(node)}>
      <Children of={node.children} />
    </div>
  );
}

export function Col({ node }: { readonly node: Node<'Col'> }) {
  return (
    <div className="w-col" style={boxStyle(node)}>
      <Children of={node.children} />
    </div>
  );
}

export function Form({ node }: { readonly node: Node<'Form'> }) {
  const { run } = useAction(node.onSubmitAction, 'container');
  const style: CSSProperties = { ...boxStyle(node), flexDirection: directionOf(node.direction) };
  return (
    <FormBox className="w-form" style={style} onSubmit={run}>
      <Children of={node.children} />
    </FormBox>
  );
}

/** Its child fades in whenever another one takes its place. */
export function Transition({ node }: { readonly node: Node<'Transition'> }) {
  return childrenOf(node.children).map((child) => (
    <div key={`${child.type} ${String(child['key'] ?? child['id'])}`} className="w-transition">
      <NodeView node={child} />
    </div>
  ));
}

const IsHeader = createContext(false);

export function Table({ node }: { readonly node: Node<'Table'> }) {
  return (
    // It scrolls sideways, so it must be reachable by keyboard.
    <div className="w-table-scroll" tabIndex={0} role="region" style={blockStyle(node)}>
      <table className="w-table">
        <tbody>
          <Children of={node.children} />
        </tbody>
      </table>
    </div>
  );
}

export function TableRow({ node }: { readonly node: Node<'Table.Row'> }) {
  return (
    <tr data-header={flag(node.header) || undefined}>
      <IsHeader value={flag(node.header)}>
        <Children of={node.children} />
      </IsHeader>
    </tr>
  );
}

const ALIGN = ['start', 'center', 'end'] as const;
const VERTICAL: Readonly<Record<string, string>> = {
  start: 'top',
  center: 'middle',
  end: 'bottom',
  baseline: 'baseline',
};
const COLUMN_SIZES: Readonly<Record<string, string>> = { xs: '4rem', sm: '6rem', md: '9rem', lg: '13rem', xl: '18rem' };

export function TableCell({ node }: { readonly node: Node<'Table.Cell'> }) {
  const isHeader = useContext(IsHeader);
  const { vAlign, colSize } = node;
  const Cell = isHeader ? 'th' : 'td';
  const style: CSSProperties = {
    width: size(node.width) ?? (typeof colSize === 'string' ? (COLUMN_SIZES[colSize] ?? size(colSize)) : size(colSize)),
    textAlign: oneOf(node.align, ALIGN),
    verticalAlign: typeof vAlign === 'string' ? VERTICAL[vAlign] : undefined,
    ...paddingOf(node.padding),
  };
  return (
    <Cell
      scope={isHeader ? 'col' : undefined}
      colSpan={count(node.colSpan)}
      rowSpan={count(node.rowSpan)}
      style={style}
    >
      <div className="w-cell" data-align={oneOf(node.align, ALIGN)}>
        <Children of={node.children} />
      </div>
    </Cell>
  );
}
