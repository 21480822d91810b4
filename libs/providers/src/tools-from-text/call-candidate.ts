import { calledIn, mayNameCall } from './call-label.js';
import { ANY_ARGUMENTS, callsIn, callWatch, type WrittenCall } from './call-shape.js';
import { CodeFence } from './code-fence.js';
import { JsonScanner } from './json-scanner.js';

export const CALL_OPEN = '<tool_call>';
export const CALL_CLOSE = '</tool_call>';
/** The tag around tool results; a model that writes it invents a result. */
export const RESULT_OPEN = '<tool_response>';
const MISTRAL_OPEN = '[TOOL_CALLS]';
/** `TOOL_CALL: name`, and on the next line `ARGUMENTS: {…}`: many prompts ask for calls like this. */
const LABEL_OPEN = 'TOOL_CALL';
const FENCE_INFOS = ['json', 'tool_call', 'tool_calls'];
/** Longer than any of them with some blanks: longer lines are not examined. */
const MAX_INFO = 40;

/**
 * What a candidate is after a character: it may still be a call; it is an invented result; it is a call; or it is text,
 * the rest of which continues as plain text, as code or as JSON that is not a call.
 */
export type Verdict =
  | { readonly is: 'open' }
  | { readonly is: 'made up' }
  | { readonly is: 'calls'; readonly calls: readonly WrittenCall[] }
  | { readonly is: 'text'; readonly within?: CodeFence | JsonScanner };

const OPEN: Verdict = { is: 'open' };
const TEXT: Verdict = { is: 'text' };

/**
 * Text that may be a call, from its first character on. A call has its lines to itself, except that text may precede the
 * marked forms when a sentence has ended (`isWithinLine`), and another tag may follow a tag.
 */
export class CallCandidate {
  /** What was taken so far. The character that decides is taken only where it belongs to the candidate. */
  text = '';
  /** Its last character: reading it from a growing text would cost time in proportion to the whole text. */
  private last = '';

  private phase: 'opening' | 'label' | 'info' | 'json' | 'closing' | 'behind' = 'opening';
  private form: 'tag' | 'mistral' | 'label' | 'fence' | 'bare' = 'bare';
  /** A backtick or a tilde, and how many of them open the fence. */
  private mark = '';
  private fenceLength = 0;
  /** What follows the fence on its line, so far. */
  private info = '';
  /** Of the closing tag or fence, so far. */
  private marks = '';
  private json = '';
  private scanner: JsonScanner;
  /** What is between the label and the arguments. */
  private label = '';
  private calls: readonly WrittenCall[] = [];

  constructor(
    private readonly offered: ReadonlySet<string>,
    private readonly isWithinLine: boolean,
    private readonly isBehindCall: boolean,
  ) {
    this.scanner = new JsonScanner(callWatch(offered));
  }

  push(char: string): Verdict {
    switch (this.phase) {
      case 'opening':
        return this.open(char);
      case 'label':
        return this.readLabel(char);
      case 'info':
        return this.readInfo(char);
      case 'json':
        return this.readJson(char);
      case 'closing':
        return this.form === 'tag' ? this.closeTag(char) : this.closeFence(char);
      case 'behind':
        return this.readBehind(char);
    }
  }

  /** The text has ended: a call whose JSON is complete needs nothing more. */
  end(): Verdict {
    return this.calls.length > 0 ? { is: 'calls', calls: this.calls } : TEXT;
  }

  private take(char: string, phase = this.phase): Verdict {
    this.text += char;
    this.last = char;
    this.phase = phase;
    return OPEN;
  }

  private open(char: string): Verdict {
    const opening = this.text + char;
    for (const [mark, form] of [[CALL_OPEN, 'tag'] as const, [MISTRAL_OPEN, 'mistral'] as const]) {
      if (opening === mark) this.form = form;
      if (mark.startsWith(opening)) return this.take(char, opening === mark ? 'json' : 'opening');
    }
    if (this.isWithinLine) return TEXT;
    if (this.isBehindCall && RESULT_OPEN.startsWith(opening)) {
      return opening === RESULT_OPEN ? { is: 'made up' } : this.take(char);
    }
    if (LABEL_OPEN.startsWith(opening)) return this.take(char, opening === LABEL_OPEN ? 'label' : 'opening');
    if (opening === '{') return this.begin('', char);
    // A list, and not Mistral's word.
    if (this.text === '[') return this.begin('[', char);
    if (/^(`{1,2}|~{1,2})$/.test(opening)) return this.take(char);
    if (!/^(`{3}|~{3})$/.test(opening)) return TEXT;
    this.mark = char;
    this.fenceLength = opening.length;
    return this.take(char, 'info');
  }

  private begin(before: string, char: string): Verdict {
    this.phase = 'json';
    this.json = before;
    if (before) this.scanner.push(before);
    return this.readJson(char);
  }

  private readLabel(char: string): Verdict {
    if (char === '{') return this.beginArguments(char);
    this.label += char;
    return mayNameCall(this.label, this.offered) ? this.take(char) : TEXT;
  }

  private beginArguments(char: string): Verdict {
    if (calledIn(this.label, this.offered) === undefined) return TEXT;
    this.form = 'label';
    this.scanner = new JsonScanner(ANY_ARGUMENTS);
    return this.begin('', char);
  }

  private readInfo(char: string): Verdict {
    const { mark } = this;
    if (char === mark && this.info === '') {
      this.fenceLength++;
      return this.take(char);
    }
    if (char === '\n' && mark === '`' && FENCE_INFOS.includes(this.info.trim())) {
      this.form = 'fence';
      return this.take(char, 'json');
    }
    this.info += char;
    const mayBe = this.info.length <= MAX_INFO && FENCE_INFOS.some((one) => one.startsWith(this.info.trim()));
    if (mark === '`' && char !== '\n' && mayBe) return this.take(char);
    return { is: 'text', within: new CodeFence(mark, this.fenceLength, 'info') };
  }

  private readJson(char: string): Verdict {
    if (this.json === '' && /\s/.test(char)) return this.take(char);
    const step = this.scanner.push(char);
    if (step === 'bad') return this.giveUp();
    this.take(char);
    this.json += char;
    if (this.scanner.misfits) return this.giveUp(step === 'done' ? undefined : this.scanner);
    return step === 'done' ? this.readCalls() : OPEN;
  }

  private readCalls(): Verdict {
    const calls = this.form === 'label' ? this.labelled() : callsIn(this.json, this.offered, this.isMarked());
    if (!calls) return this.giveUp();
    this.calls = calls;
    this.phase = this.form === 'tag' || this.form === 'fence' ? 'closing' : 'behind';
    return OPEN;
  }

  private labelled(): readonly WrittenCall[] | undefined {
    const name = calledIn(this.label, this.offered);
    return name === undefined ? undefined : [{ name, arguments: JSON.stringify(JSON.parse(this.json)) }];
  }

  private isMarked(): boolean {
    return this.form === 'tag' || this.form === 'mistral';
  }

  private closeTag(char: string): Verdict {
    if (this.marks === '' && /\s/.test(char)) return this.take(char);
    this.marks += char;
    if (!CALL_CLOSE.startsWith(this.marks)) return this.giveUp();
    return this.take(char, this.marks === CALL_CLOSE ? 'behind' : 'closing');
  }

  private closeFence(char: string): Verdict {
    if (this.marks === '' && /\s/.test(char)) return this.take(char);
    if (char !== '`') return this.giveUp();
    this.marks += char;
    return this.take(char, this.marks.length === this.fenceLength ? 'behind' : 'closing');
  }

  private readBehind(char: string): Verdict {
    if (char === '\n' || char === '\r' || (char === '<' && this.form === 'tag')) {
      return { is: 'calls', calls: this.calls };
    }
    if (/\s/.test(char) || (char === '`' && this.form === 'fence' && this.last === '`')) return this.take(char);
    return this.giveUp();
  }

  /** Not a call. Fenced text stays code, and JSON stays JSON: nothing inside is a call. */
  private giveUp(within?: JsonScanner): Verdict {
    if (this.form !== 'fence') return within ? { is: 'text', within } : TEXT;
    const line = this.text.slice(this.text.lastIndexOf('\n') + 1);
    return { is: 'text', within: new CodeFence('`', this.fenceLength, line.trim() === '' ? 'blank' : 'body') };
  }
}
