import type { Message } from './prompt.js';
import type { ExtraFields } from './stream-part.js';

/** As many characters of a conversation in a row are a quotation of it; fewer may be chance. */
const QUOTED = 12;
/** How much of the end of a conversation is looked at: what a server finds fault with is nearly always new. */
const MAX_SEARCHED = 100_000;
const SHOWN = '[content]';

/**
 * A text for the log without what it quotes of a conversation, and without the names of its files: servers repeat what they find fault
 * with. The instructions are the operator's own, and stay.
 */
export function withoutContent(text: string, prompt: readonly Message[]): string {
  const named = prompt.flatMap(fileNames).reduce((rest, name) => rest.replaceAll(name, '[file name]'), text);
  const said = prompt.flatMap(textsOf).join('\n').slice(-MAX_SEARCHED);
  const quoted = piecesOfBoth(named, said);
  let safe = '';
  for (let index = 0; index < named.length;) {
    const end = endOfQuotation(named, index, quoted);
    safe += end > index ? SHOWN : named.charAt(index);
    index = Math.max(end, index + 1);
  }
  return safe;
}

/** The same for each text among the fields that came with an answer. */
export const extraWithoutContent = (extra: ExtraFields, prompt: readonly Message[]): ExtraFields =>
  mapTexts(extra, (text) => withoutContent(text, prompt)) as ExtraFields;

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapTexts(one, change)]));
}

/** Where a quotation that begins here ends; `start` when none begins. */
function endOfQuotation(text: string, start: number, quoted: ReadonlySet<string>): number {
  let end = start + QUOTED;
  if (!quoted.has(text.slice(start, end))) return start;
  while (end < text.length && quoted.has(text.slice(end + 1 - QUOTED, end + 1))) end++;
  return end;
}

/**
 * The pieces of so many characters that both texts have. Numbers are compared first: all answers that a provider breaks off at once
 * end here, each with a whole conversation.
 */
function piecesOfBoth(text: string, said: string): ReadonlySet<string> {
  const wanted = new Set<number>();
  eachPiece(text, (hash) => wanted.add(hash));
  const found = new Set<string>();
  eachPiece(said, (hash, start) => {
    if (wanted.has(hash)) found.add(said.slice(start, start + QUOTED));
  });
  return found;
}

const BASE = 31;
/** By which a character counts when it leaves the piece. */
const LEAVING = Array.from({ length: QUOTED }).reduce<number>((power) => Math.imul(power, BASE), 1);

/** Visits every piece with its hash, which is made of the one before. */
function eachPiece(text: string, visit: (hash: number, start: number) => void): void {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    const start = index + 1 - QUOTED;
    const left = start > 0 ? Math.imul(text.charCodeAt(start - 1), LEAVING) : 0;
    hash = (Math.imul(hash, BASE) + text.charCodeAt(index) - left) | 0;
    if (start >= 0) visit(hash, start);
  }
}

function textsOf({ role, content }: Message): string[] {
  if (role === 'system') return [];
  return content.flatMap((part) => {
    if (part.type === 'text') return [part.text];
    if (part.type === 'tool-call') return [part.arguments];
    return part.type === 'tool-result' ? [part.output] : [];
  });
}

function fileNames({ role, content }: Message): string[] {
  if (role !== 'user') return [];
  return content.flatMap((part) => ('name' in part && part.name ? [part.name] : []));
}
