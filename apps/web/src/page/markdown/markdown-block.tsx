import { type ComponentPropsWithoutRef, type ComponentType, createContext, memo, use, useMemo } from 'react';
import ReactMarkdown, { type Components, type ExtraProps, type Options } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { texts } from '../../i18n/texts.js';
import { allowedUrl, hostOf, isOwnImage } from './allowed-url.js';
import { CitationMark } from './citation-mark.js';
import type { Mark } from '../../protocol/items/cited.js';
import { citations } from './citations.js';
import { CodeBlock } from './code-block.js';

type Of<Tag extends 'a' | 'code' | 'img' | 'input' | 'sup' | 'table'> = ComponentPropsWithoutRef<Tag> & ExtraProps;

const IsInLink = createContext(false);

/** Draws formulas, once that is loaded. */
export const FormulaContext = createContext<
  ComponentType<{ readonly source: string; readonly isBlock: boolean }> | undefined
>(undefined);

function Link({ href = '', title, children }: Of<'a'>) {
  const content = <IsInLink value={true}>{children}</IsInLink>;
  const isNote = href.startsWith('#');
  return isNote ? (
    <a href={href}>{content}</a>
  ) : (
    <a href={href} title={title} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  );
}

/** An image of another origin is not loaded: it becomes a link. */
function Image({ src, alt = '', title }: Of<'img'>) {
  const isInLink = use(IsInLink);
  if (typeof src !== 'string' || src === '') return alt;
  if (isOwnImage(src, location.origin)) return <img src={src} alt={alt} title={title} loading="lazy" />;
  const text = texts.items.image(alt || (hostOf(src) ?? src));
  return isInLink ? text : <Link href={src}>{text}</Link>;
}

function Table({ children }: Of<'table'>) {
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={texts.items.table}>
      <table>{children}</table>
    </div>
  );
}

function Code({ className = '', children }: Of<'code'>) {
  const Formula = use(FormulaContext);
  if (Formula && className.includes('math-') && typeof children === 'string') {
    return <Formula source={children} isBlock={className.includes('math-display')} />;
  }
  return <code className={className || undefined}>{children}</code>;
}

function Sup({ node, children }: Of<'sup'>) {
  const numbers = node?.properties['dataNumbers'];
  return typeof numbers === 'string' ? (
    <CitationMark numbers={numbers.split(' ').map(Number)} />
  ) : (
    <sup>{children}</sup>
  );
}

/** The box of an entry of a task list. */
const Box = ({ checked = false }: Of<'input'>) => (
  <input
    type="checkbox"
    checked={checked}
    disabled
    aria-label={checked ? texts.items.taskDone : texts.items.taskOpen}
  />
);

const COMPONENTS: Components = {
  input: Box,
  a: Link,
  img: Image,
  table: Table,
  pre: CodeBlock,
  code: Code,
  sup: Sup,
};

type Plugins = NonNullable<Options['remarkPlugins']>;
const NONE: Plugins = [];

export interface BlockProps {
  readonly text: string;
  /** Distinguishes the footnotes of different messages. */
  readonly scope: string;
  readonly marks: readonly Mark[];
}

/** A piece of Markdown without HTML: tags in it are shown as text. */
export const MarkdownBlock = memo(function MarkdownBlock({
  text,
  scope,
  marks,
  plugins = NONE,
}: BlockProps & { readonly plugins?: Plugins }) {
  const options = useMemo(() => ({ clobberPrefix: `${scope}-` }), [scope]);
  const remarkPlugins = useMemo(
    () => [remarkGfm, ...plugins, ...(marks.length > 0 ? [citations(marks)] : [])],
    [plugins, marks],
  );
  return (
    <ReactMarkdown
      remarkPlugins={remarkPlugins}
      remarkRehypeOptions={options}
      components={COMPONENTS}
      urlTransform={allowedUrl}
    >
      {text}
    </ReactMarkdown>
  );
});
