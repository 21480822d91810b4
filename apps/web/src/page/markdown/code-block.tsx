import { type ComponentPropsWithoutRef, useRef } from 'react';
import type { ExtraProps } from 'react-markdown';
import { CopyButton } from '../copy-button.js';

/** A block of code with its language's name and a copy button. */
export function CodeBlock({ children, node }: ComponentPropsWithoutRef<'pre'> & ExtraProps) {
  const pre = useRef<HTMLPreElement>(null);
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{languageOf(node)}</span>
        <CopyButton label="Copy code" text={() => pre.current?.textContent?.replace(/\n$/, '') ?? ''} />
      </div>
      {/* It scrolls sideways, so it must be reachable by keyboard. */}
      <pre ref={pre} tabIndex={0}>
        {children}
      </pre>
    </div>
  );
}

function languageOf(node: ExtraProps['node']): string {
  const [code] = node?.children ?? [];
  const names = code?.type === 'element' ? code.properties['className'] : undefined;
  const name = Array.isArray(names) ? names.map(String).find((one) => one.startsWith('language-')) : undefined;
  return name === undefined ? 'code' : name.slice('language-'.length);
}
