/** A fenced block of code, up to the line that closes it. Nothing in it is a call. */
export class CodeFence {
  private state: 'info' | 'blank' | 'marks' | 'closing' | 'body';
  private marks = 0;

  /** `at`: still in the line that opens it, at the beginning of a line of its body, or within one. */
  constructor(
    private readonly mark: string,
    private readonly length: number,
    at: 'info' | 'blank' | 'body',
  ) {
    this.state = at;
  }

  /** Whether the fence was over before this character. */
  isOverAt(char: string): boolean {
    const { state } = this;
    // Fence marks within the opening line: it was inline code, not a fence.
    if (state === 'info' && char === '`' && this.mark === '`') return true;
    if (char === '\n' || char === '\r') {
      if (state === 'closing' || (state === 'marks' && this.marks >= this.length)) return true;
      this.state = 'blank';
      this.marks = 0;
      return false;
    }
    this.state = this.within(char);
    return false;
  }

  private within(char: string): typeof this.state {
    const isSpace = /\s/.test(char);
    switch (this.state) {
      case 'blank':
        if (isSpace) return 'blank';
        if (char !== this.mark) return 'body';
        this.marks = 1;
        return 'marks';
      case 'marks':
        if (char === this.mark) this.marks++;
        else return isSpace && this.marks >= this.length ? 'closing' : 'body';
        return 'marks';
      case 'closing':
        return isSpace ? 'closing' : 'body';
      case 'info':
      case 'body':
        return this.state;
    }
  }
}
