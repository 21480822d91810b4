import { type ComponentPropsWithoutRef, lazy, Suspense, use } from 'react';
import type { ExtraProps } from 'react-markdown';
import { texts } from '../../i18n/texts.js';
import { CopyButton } from '../copy-button.js';
import { Diagram } from './diagram.js';
import { IsGrowing } from './is-growing.js';
import { SaveButton } from './save-button.js';

type CodeNode = NonNullable<ExtraProps['node']>;

/** In one colour if the code for colours cannot be loaded. */
const Highlighted = lazy(() =>
  import('./highlighted.js').catch(() => ({ default: ({ code }: { readonly code: string }) => code })),
);

/** A block of code with its language's name, in colours, to copy and to save; diagrams are drawn. */
export function CodeBlock({ children, node }: ComponentPropsWithoutRef<'pre'> & ExtraProps) {
  const isGrowing = use(IsGrowing);
  const [inner] = node?.children ?? [];
  if (inner?.type !== 'element' || inner.tagName !== 'code') return <pre>{children}</pre>;
  const names = classesOf(inner);
  // A formula is a block of code to Markdown's parser.
  if (names.includes('math-display')) return children;
  const language = names.find((name) => name.startsWith('language-'))?.slice('language-'.length);
  const code = inner.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
  const text = code.replace(/\n$/, '');
  if (language === 'mermaid' && !isGrowing) return <Diagram source={text} />;
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{language ?? texts.items.code}</span>
        <SaveButton text={text} language={language} />
        <CopyButton label={texts.items.copyCode} text={() => text} />
      </div>
      {/* It scrolls sideways, so it must be reachable by keyboard. */}
      <pre tabIndex={0} dir="ltr">
        <code>
          {language === undefined ? (
            code
          ) : (
            <Suspense fallback={code}>
              <Highlighted code={code} language={language} isGrowing={isGrowing} />
            </Suspense>
          )}
        </code>
      </pre>
    </div>
  );
}

function classesOf(code: CodeNode): string[] {
  const names = code.properties['className'];
  return Array.isArray(names) ? names.map(String) : [];
}
