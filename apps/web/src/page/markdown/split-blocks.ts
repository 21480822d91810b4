const FENCE = /^\s*(`{3,}|~{3,})(.*)$/;
/** Definitions may be used anywhere in the text, so it must stay in one piece. */
const DEFINITION = /^ {0,3}\[[^\]]+\]:/m;
/** A line that may go on with the list or the paragraph before it. */
const CONTINUES = /^(\s|[-*+]\s|\d{1,9}[.)]\s)/;

/**
 * Cuts Markdown where a block certainly ends: the pieces, each on its own, mean the same as the whole. A growing answer
 * then costs the parsing of its last piece instead of all of it with every frame.
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

/** The marker of the code block that is open after this line. */
function nextFence(open: string | undefined, line: string): string | undefined {
  const [, marker, rest = ''] = FENCE.exec(line) ?? [];
  if (marker === undefined) return open;
  if (open === undefined) return marker.startsWith('`') && rest.includes('`') ? undefined : marker;
  return marker.startsWith(open) && rest.trim() === '' ? undefined : open;
}
