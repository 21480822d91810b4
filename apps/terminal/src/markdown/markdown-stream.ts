/** Codes of styles that may hold at the same time. */
const CODES = { bold: 1, dim: 2, italic: 3, underline: 4, code: 36 } as const;
type Style = keyof typeof CODES;

const ESCAPE = '\u001B[';
const RULE = '─'.repeat(40);
/** What may still become the beginning of a block. */
const UNDECIDED = /^ *(?:#{0,6}|[-*+>]|[-*_]{2,}|\d{1,3}[.)]?|`{1,2}|~{1,2})?$/;
/** A link that is longer than this is written as it is. */
const LONGEST_LINK = 2_000;

/**
 * Draws Markdown for a terminal while it grows: every character is written once, and nothing is redrawn, so that it needs no
 * width and leaves a clean scrollback. What is ambiguous is held back until it is not: the beginning of a line, marks of
 * emphasis, links. Blocks of code are written line by line.
 */
export class MarkdownStream {
  /** The beginning of a line whose kind is not known yet; undefined within a line. */
  #head: string | undefined = '';
  /** Held back within a line. */
  #held = '';
  #fence: string | undefined;
  #last = '';
  readonly #styles = new Set<Style>();

  /** The next part of the text, as it is to be written. */
  write(text: string): string {
    let out = '';
    for (const character of text) out += this.#take(character);
    return out;
  }

  /** What was held back. The next text begins a new line. */
  end(): string {
    const out = this.#head === undefined ? this.#release() : this.#inline(this.#head);
    this.#head = '';
    this.#fence = undefined;
    return out + this.#release() + this.#reset();
  }

  #take(character: string): string {
    if (this.#head === undefined) return this.#inline(character);
    return this.#fence === undefined ? this.#begin(character) : this.#code(character);
  }

  /** A character of a block of code. */
  #code(character: string): string {
    if (character !== '\n') {
      this.#head += character;
      return '';
    }
    const line = this.#head ?? '';
    this.#head = '';
    if (line.trim().startsWith(this.#fence ?? '') && /^\s*(`{3,}|~{3,})\s*$/.test(line)) {
      this.#fence = undefined;
      return '';
    }
    return `  ${styled(line, 'code')}\n`;
  }

  #begin(character: string): string {
    const head = (this.#head ?? '') + character;
    const fence = /^\s*(`{3,}|~{3,})(.*)$/.exec(head.trimEnd());
    if (fence) {
      this.#head = character === '\n' ? '' : head;
      if (character !== '\n') return '';
      this.#fence = fence[1]?.slice(0, 3);
      return fence[2]?.trim() ? `${styled(`  ${fence[2].trim()}`, 'dim')}\n` : '';
    }
    if (UNDECIDED.test(head)) {
      this.#head = head;
      return '';
    }
    this.#head = undefined;
    if (character === '\n' && /^ *([-*_]) *(\1 *){2,}\n$/.test(head)) return this.#endLine(styled(RULE, 'dim'));
    return this.#block(head);
  }

  /** The beginning of a line whose kind is known. */
  #block(head: string): string {
    const heading = /^ {0,3}#{1,6} /.exec(head);
    if (heading) return this.#switch('bold', true) + this.#rest(head.slice(heading[0].length));
    const bullet = /^( *)[-*+] (.*)$/s.exec(head);
    if (bullet) return `${bullet[1]}• ${this.#rest(bullet[2] ?? '')}`;
    const quote = /^ {0,3}> ?(.*)$/s.exec(head);
    if (quote) return `${styled('│', 'dim')} ${this.#rest(quote[1] ?? '')}`;
    return this.#rest(head);
  }

  #rest(text: string): string {
    this.#last = ' ';
    let out = '';
    for (const character of text) out += this.#inline(character);
    return out;
  }

  #inline(character: string): string {
    if (character === '\n') return this.#endLine(this.#release());
    const held = this.#held;
    if (held.startsWith('[')) return this.#link(character);
    if (held === '\\') {
      this.#held = '';
      return this.#plain(character);
    }
    if (held !== '' && held[0] === character && held.length < 3) {
      this.#held += character;
      return '';
    }
    const before = held === '' ? '' : this.#emphasis(held, character);
    this.#held = '';
    const mayBeMark = character === '`' || (!this.#styles.has('code') && '*_[\\'.includes(character));
    if (!mayBeMark) return before + this.#plain(character);
    this.#held = character;
    return before;
  }

  /** Marks, when the character behind them is known. */
  #emphasis(marks: string, next: string): string {
    if (marks.startsWith('`')) return this.#switch('code', !this.#styles.has('code'));
    if (marks === '\\') return this.#plain(marks);
    const wanted: Style[] = marks.length === 1 ? ['italic'] : marks.length === 2 ? ['bold'] : ['bold', 'italic'];
    return wanted.every((style) => this.#mayTurn(style, marks, next))
      ? wanted.map((style) => this.#switch(style, !this.#styles.has(style))).join('')
      : this.#plain(marks);
  }

  /** A mark opens before a word and closes behind one; `_` within a word is a part of it. */
  #mayTurn(style: Style, marks: string, next: string): boolean {
    const isOpen = this.#styles.has(style);
    const [inner, outer] = isOpen ? [this.#last, next] : [next, this.#last];
    return /\S/.test(inner) && !(marks.startsWith('_') && /[\p{L}\p{N}]/u.test(outer));
  }

  #link(character: string): string {
    this.#held += character;
    const link = /^\[([^\]]*)\]\(([^()\s]*)\)$/.exec(this.#held);
    if (link) {
      const [, text = '', url = ''] = link;
      this.#held = '';
      const shown = styled(text || url, 'underline') + (text === '' || text === url ? '' : styled(` (${url})`, 'dim'));
      this.#last = ')';
      return shown + this.#again();
    }
    const mayBecome = /^\[[^\]]*(\](\([^()\s]*)?)?$/.test(this.#held) && this.#held.length < LONGEST_LINK;
    return mayBecome ? '' : this.#release();
  }

  /** What is held back is what it looks like. */
  #release(): string {
    const held = this.#held;
    this.#held = '';
    if (held === '') return '';
    return held.startsWith('[') || held === '\\' ? this.#plain(held) : this.#emphasis(held, ' ');
  }

  #endLine(text: string): string {
    this.#head = '';
    this.#last = '';
    return `${text}${this.#reset()}\n`;
  }

  #plain(text: string): string {
    this.#last = text.at(-1) ?? '';
    return text;
  }

  #switch(style: Style, isOn: boolean): string {
    if (isOn) this.#styles.add(style);
    else this.#styles.delete(style);
    return `${ESCAPE}0m${this.#again()}`;
  }

  /** The styles that hold, after something that has reset them. */
  #again(): string {
    return [...this.#styles].map((style) => `${ESCAPE}${CODES[style]}m`).join('');
  }

  #reset(): string {
    if (this.#styles.size === 0) return '';
    this.#styles.clear();
    return `${ESCAPE}0m`;
  }
}

const styled = (text: string, style: Style): string => `${ESCAPE}${CODES[style]}m${text}${ESCAPE}0m`;
