import { common, createLowlight } from 'lowlight';
import { createElement, type ReactNode } from 'react';

const lowlight = createLowlight(common);

interface HighlightNode {
  readonly type: string;
  readonly value?: string;
  readonly properties?: { readonly className?: unknown };
  readonly children?: readonly object[];
}

/** Code in the colours of its language: spans with the classes of highlight.js. Undefined if the language is not known. */
export function highlight(language: string, code: string): ReactNode {
  if (!lowlight.registered(language)) return undefined;
  return lowlight.highlight(language, code).children.map(toReact);
}

function toReact(node: HighlightNode, key: number): ReactNode {
  if (node.type !== 'element') return node.value;
  const className = Array.isArray(node.properties?.className) ? node.properties.className.join(' ') : undefined;
  return createElement(
    'span',
    { key, className },
    node.children?.map((child, index) => toReact(child as HighlightNode, index)),
  );
}
