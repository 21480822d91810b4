import { CallCandidate, type Verdict } from './call-candidate.js';
import type { WrittenCall } from './call-shape.js';
import { CodeFence } from './code-fence.js';
import type { JsonScanner } from './json-scanner.js';

const SENTENCE_END = /[.!?…。！？]/;

/**
 * Separates the calls in a text from the text. It takes pieces, cut anywhere, and returns texts and calls in order, the
 * same for every cut. Only what may still be a call is held back, with the blank lines that may precede one.
 */
export class CallText {
  private pieces: (string | WrittenCall)[] = [];
  private within: CallCandidate | CodeFence | JsonScanner | undefined;
  /** White space that belongs to what follows it: dropped before a call, written before text. */
  private blanks = '';
  /** Position in the line: at its start, after the end of a sentence, or anywhere else. */
  private place: 'line' | 'sentence' | 'inside' = 'line';
  private isFresh = true;
  private hasCalls = false;
  /** The model has begun to invent the results of its calls: everything that follows is dropped. */
  private isOver = false;

  constructor(private readonly offered: ReadonlySet<string>) {}

  push(text: string): readonly (string | WrittenCall)[] {
    for (let index = 0; index < text.length; index++) this.read(text.charAt(index));
    return this.take();
  }

  /** Ends the text: everything that was held back. */
  end(): readonly (string | WrittenCall)[] {
    const { within } = this;
    if (within instanceof CallCandidate) this.settle(within, within.end());
    if (!(this.isFresh && this.hasCalls)) this.emit('');
    return this.take();
  }

  private take(): readonly (string | WrittenCall)[] {
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  private read(char: string): void {
    // Each iteration decides something; a character that belongs to no candidate is plain text.
    while (!this.isOver && !this.isTaken(char)) continue;
  }

  private isTaken(char: string): boolean {
    const { within } = this;
    if (within === undefined) return this.readPlain(char);
    if (within instanceof CallCandidate) return this.readCandidate(within, char);
    if (within instanceof CodeFence) {
      if (within.isOverAt(char)) return this.leave();
      this.emit(char);
      return true;
    }
    const step = within.push(char);
    if (step === 'bad') return this.leave();
    this.emit(char);
    if (step === 'done') this.leave();
    return true;
  }

  private leave(): false {
    this.within = undefined;
    return false;
  }

  private readCandidate(candidate: CallCandidate, char: string): boolean {
    const before = candidate.text.length;
    const verdict = candidate.push(char);
    this.settle(candidate, verdict);
    return candidate.text.length > before;
  }

  private settle(candidate: CallCandidate, verdict: Verdict): void {
    if (verdict.is === 'open') return;
    if (verdict.is === 'text') {
      this.within = verdict.within;
      this.emit(candidate.text);
      return;
    }
    this.within = undefined;
    this.blanks = '';
    if (verdict.is === 'made up') {
      this.isOver = true;
      return;
    }
    this.pieces.push(...verdict.calls);
    this.place = 'line';
    this.isFresh = true;
    this.hasCalls = true;
  }

  private readPlain(char: string): boolean {
    if (/\s/.test(char)) {
      if (char === '\n' || char === '\r' || this.isFresh || this.blanks !== '') this.blanks += char;
      else this.emit(char);
      if (char === '\n') this.place = 'line';
      return true;
    }
    const mayOpen = this.place === 'line' ? '<[{`~T' : this.place === 'sentence' ? '<[' : '';
    if (!mayOpen.includes(char)) {
      this.emit(char);
      return true;
    }
    const candidate = new CallCandidate(this.offered, this.place === 'sentence', this.hasCalls);
    this.within = candidate;
    return this.readCandidate(candidate, char);
  }

  private emit(text: string): void {
    const emitted = this.blanks + text;
    this.blanks = '';
    if (emitted === '') return;
    this.isFresh = false;
    for (const char of text) {
      if (char === '\n') this.place = 'line';
      else if (/\S/.test(char)) this.place = SENTENCE_END.test(char) ? 'sentence' : 'inside';
    }
    const last = this.pieces.length - 1;
    if (typeof this.pieces[last] === 'string') this.pieces[last] += emitted;
    else this.pieces.push(emitted);
  }
}
