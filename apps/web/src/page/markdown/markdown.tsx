import { type ComponentType, lazy, memo, Suspense } from 'react';
import remend from 'remend';
import { Boundary } from '../boundary.js';
import type { Mark } from '../../protocol/items/cited.js';
import { IsGrowing } from './is-growing.js';
import { type BlockProps, MarkdownBlock } from './markdown-block.js';
import { mathDelimiters } from './math-delimiters.js';
import { splitBlocks } from './split-blocks.js';

/** Without formulas if their code cannot be loaded. */
const MathBlock = lazy<ComponentType<BlockProps>>(() =>
  import('./math-block.js').catch(() => ({ default: MarkdownBlock })),
);

/** Nothing but the end may change: marks are at positions in the text. */
const COMPLETION = { linkMode: 'text-only', singleTilde: false, comparisonOperators: false, htmlTags: false } as const;

const NO_MARKS: readonly Mark[] = [];

interface MarkdownProps {
  readonly text: string;
  readonly scope: string;
  /** More text will come: what is incomplete at its end is shown as it will probably be. */
  readonly isGrowing?: boolean;
  /** Citations, by their position in the text. */
  readonly marks?: readonly Mark[];
}

/** Markdown, parsed block by block. */
export function Markdown({ text, scope, isGrowing = false, marks = NO_MARKS }: MarkdownProps) {
  const blocks = splitBlocks(text);
  let start = 0;
  return (
    <div className="markdown">
      {blocks.map((block, index) => {
        const isLast = index === blocks.length - 1;
        const own = marksOf(marks, start, isLast ? Infinity : start + block.length);
        start += block.length + 1;
        return (
          // A block keeps its position while the text after it grows.
          // oxlint-disable-next-line react/no-array-index-key
          <Block key={index} text={block} scope={scope} isGrowing={isGrowing && isLast} marks={own} />
        );
      })}
    </div>
  );
}

/** The marks within a block, by their position in it. The line break after a block belongs to it. */
function marksOf(marks: readonly Mark[], start: number, end: number): readonly Mark[] {
  const own = marks.filter(({ offset }) => offset >= start && offset <= end);
  return own.length === 0 ? NO_MARKS : own.map((mark) => ({ ...mark, offset: mark.offset - start }));
}

type GrowingBlockProps = BlockProps & { readonly isGrowing: boolean };

const Block = memo(function Block({ text, scope, isGrowing, marks }: GrowingBlockProps) {
  const complete = isGrowing ? remend(text, COMPLETION) : text;
  const prepared = mathDelimiters(complete);
  const plain = <MarkdownBlock text={complete} scope={scope} marks={marks} />;
  return (
    <Boundary content={text} fallback={<p className="raw">{text}</p>}>
      <IsGrowing value={isGrowing}>
        {prepared.hasMath ? (
          <Suspense fallback={plain}>
            <MathBlock text={prepared.text} scope={scope} marks={marks} />
          </Suspense>
        ) : (
          plain
        )}
      </IsGrowing>
    </Boundary>
  );
}, isSameBlock);

function isSameBlock(a: GrowingBlockProps, b: GrowingBlockProps): boolean {
  if (a.text !== b.text || a.scope !== b.scope || a.isGrowing !== b.isGrowing) return false;
  return a.marks === b.marks || JSON.stringify(a.marks) === JSON.stringify(b.marks);
}
