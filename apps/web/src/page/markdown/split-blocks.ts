/** Of code, or of a formula. */
const FENCE = /^\s*(`{3,}|~{3,}|\${2,}|\\\[)(.*)$/;
/** A definition may be used anywhere in the text, which then must not be split. */
const DEFINITION = /^ {0,3}\[[^\]]+\]:/m;
/** A line that may continue the list or the paragraph before it. */
const CONTINUES = /^(\s|[-*+]\s|\d{1,9}[.)]\s)/;

/**
 * Splits Markdown where a block certainly ends, so that the pieces, parsed separately, mean the same as the whole. For a
 * growing answer only its last piece is parsed again with every frame, instead of all of it.
 */
export function splitBlocks(text: string): string[] {
  if (DEFINITION.test(text)) return [text];
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | undefined;
  let isAfterBlank = false;
  for (const line of text.split('\n')) {
    if (fence === undefined && isAfterBlank && line !== '' && !CONTINUES.test(line)) {
      blocks.push(block.join('\n'));
      block = [];
    }
    fence = nextFence(fence, line);
    block.push(line);
    isAfterBlank = line.trim() === '';
  }
  blocks.push(block.join('\n'));
  return blocks;
}

/** The marker of the block of code or the formula that is open after this line. */
function nextFence(open: string | undefined, line: string): string | undefined {
  if (open === '\\[') return line.includes('\\]') ? undefined : open;
  const [, marker, rest = ''] = FENCE.exec(line) ?? [];
  if (marker === undefined) return open;
  if (open === undefined) return isInLine(marker, rest) ? undefined : marker;
  return marker.startsWith(open) && rest.trim() === '' ? undefined : open;
}

/** Whether what a marker opens ends in the same line. */
function isInLine(marker: string, rest: string): boolean {
  if (marker === '\\[') return rest.includes('\\]');
  return !marker.startsWith('~') && rest.includes(marker[0] ?? '');
}
