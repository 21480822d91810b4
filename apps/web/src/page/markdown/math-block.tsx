import remarkMath from 'remark-math';
import { Formula } from './formula.js';
import { FormulaContext, MarkdownBlock, type BlockProps } from './markdown-block.js';
import { restoreDollars } from './math-plugin.js';

const PLUGINS = [remarkMath, restoreDollars];

/** A block with formulas; loaded when there is one. */
export default function MathBlock(props: BlockProps) {
  return (
    <FormulaContext value={Formula}>
      <MarkdownBlock {...props} plugins={PLUGINS} />
    </FormulaContext>
  );
}
