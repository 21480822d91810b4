import type { AssistantMessage } from './assistant-message.js';
import type { Source } from './source.js';

/** Numbers of sources at a position of a text. */
export interface Mark {
  readonly offset: number;
  readonly numbers: readonly number[];
}

/** How models and servers write a mark into the text themselves [AN-1]. */
export const WRITTEN_MARK = / ?\[\d{1,3}\]$/;

export interface CitedText {
  readonly text: string;
  readonly marks: readonly Mark[];
}

interface Cited {
  readonly parts: readonly CitedText[];
  /** In the order in which the text refers to them; the number of a source is its place. */
  readonly sources: readonly Source[];
}

/** The texts of an answer with its citations. The same source has the same number everywhere [AN-1]. */
export function citedTexts({ content }: AssistantMessage): Cited {
  const sources = new Map<string, Source>();
  const numbers = new Map<string, number>();
  const numberOf = (source: Source): number => {
    const key = keyOf(source);
    if (!sources.has(key)) numbers.set(key, sources.size + 1);
    sources.set(key, sources.get(key) ?? source);
    return numbers.get(key) ?? 0;
  };
  const parts = content.map(({ text, annotations }) => {
    const marks = new Map<number, Set<number>>();
    for (const { index, source } of annotations.toSorted((a, b) => (a.index ?? Infinity) - (b.index ?? Infinity))) {
      const number = numberOf(source);
      if (index === undefined) continue;
      const offset = Math.min(Math.max(0, index), text.length);
      marks.set(offset, (marks.get(offset) ?? new Set()).add(number));
    }
    return {
      text,
      marks: [...marks].map(([offset, group]) => ({ offset, numbers: [...group].toSorted((a, b) => a - b) })),
    };
  });
  return { parts, sources: [...sources.values()] };
}

function keyOf(source: Source): string {
  switch (source.type) {
    case 'url':
      return `url ${source.url}`;
    case 'file':
      return `file ${source.filename}`;
    case 'entity':
      return `entity ${source.id}`;
  }
}
