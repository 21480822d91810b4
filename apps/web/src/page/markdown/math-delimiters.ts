/** Stands for a dollar sign that is no delimiter, so that a parser of formulas passes over it. From a private area of Unicode. */
export const LONE_DOLLAR = '\uE0D0';

/** Fenced and inline code, where nothing is a formula. */
const CODE = /(^[ \t]*(`{3,}|~{3,})[^\n]*$[^]*?(?:^[ \t]*\2[`~]*[ \t]*$|(?![^])))|(`+)(?!`)[^]*?(?<!`)\3(?!`)/gm;
/** As in Pandoc: no space inside, and nothing right after that goes on with a word or an amount. */
const PAIR = /(?<![\\$])\$(?![\s$])(?:[^$\\\n]|\\.|\n(?!\s*\n))*?(?<![\s\\])\$(?![\w$])/g;
const DOUBLE = /\$\$/g;
const BRACKETS = /\\\(([^]*?)\\\)|\\\[([^]*?)\\\]/g;

interface Prepared {
  /** As long as the text before, so that positions in it stay. */
  readonly text: string;
  readonly hasMath: boolean;
}

/**
 * Text in which formulas stand between dollar signs only: models write `\(x\)` and `\[x\]` as well, and amounts of money have
 * dollar signs, too.
 */
export function mathDelimiters(text: string): Prepared {
  if (!/\$|\\[([]/.test(text)) return { text, hasMath: false };
  let hasMath = false;
  const formulas = (piece: string): string => {
    const changed = withDollars(piece);
    hasMath ||= changed.includes('$');
    return changed;
  };
  let prepared = '';
  let end = 0;
  for (const match of text.matchAll(CODE)) {
    prepared += formulas(text.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return { text: prepared + formulas(text.slice(end)), hasMath };
}

function withDollars(piece: string): string {
  const dollars = piece.replace(BRACKETS, (_, inline?: string, block?: string) => `$$${inline ?? block}$$`);
  const kept = new Set<number>();
  for (const { index, 0: pair } of dollars.matchAll(PAIR)) kept.add(index).add(index + pair.length - 1);
  // Two signs in a row without a partner are closed by the next ones, as long as the text grows.
  for (const { index } of dollars.matchAll(DOUBLE)) kept.add(index).add(index + 1);
  return dollars.replace(/\$/g, (sign, index: number) => (kept.has(index) ? sign : LONE_DOLLAR));
}
