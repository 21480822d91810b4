import { type ComponentPropsWithoutRef, createContext, memo, useContext, useMemo } from 'react';
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { allowedUrl, isOwnImage } from './allowed-url.js';
import { CodeBlock } from './code-block.js';
import { splitBlocks } from './split-blocks.js';

type Of<Tag extends 'a' | 'img' | 'table'> = ComponentPropsWithoutRef<Tag> & ExtraProps;

const IsInLink = createContext(false);

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
  const isInLink = useContext(IsInLink);
  if (typeof src !== 'string' || src === '') return alt;
  if (isOwnImage(src, location.origin)) return <img src={src} alt={alt} title={title} loading="lazy" />;
  const text = `Image: ${alt || new URL(src, location.origin).hostname}`;
  return isInLink ? text : <Link href={src}>{text}</Link>;
}

function Table({ children }: Of<'table'>) {
  return (
    <div className="table-scroll" tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

const COMPONENTS: Components = { a: Link, img: Image, table: Table, pre: CodeBlock };
const PLUGINS = [remarkGfm];

interface BlockProps {
  readonly text: string;
  /** Distinguishes the footnotes of different messages. */
  readonly scope: string;
}

const Block = memo(function Block({ text, scope }: BlockProps) {
  const options = useMemo(() => ({ clobberPrefix: `${scope}-` }), [scope]);
  return (
    <ReactMarkdown
      remarkPlugins={PLUGINS}
      remarkRehypeOptions={options}
      components={COMPONENTS}
      urlTransform={allowedUrl}
    >
      {text}
    </ReactMarkdown>
  );
});

/** Markdown without HTML: tags in it are shown as text. */
export function Markdown({ text, scope }: BlockProps) {
  return (
    <div className="markdown">
      {splitBlocks(text).map((block, index) => (
        // A block keeps its position while the text after it grows.
        // oxlint-disable-next-line react/no-array-index-key
        <Block key={index} text={block} scope={scope} />
      ))}
    </div>
  );
}
