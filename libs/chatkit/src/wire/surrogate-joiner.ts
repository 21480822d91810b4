/**
 * Keeps surrogate pairs whole across the deltas of one part [SER-6]: a provider may cut a delta between the two halves
 * of one character.
 */
export class SurrogateJoiner {
  private held = '';

  /** The text that may be sent now; a high surrogate at its end waits for the next delta. May be empty. */
  push(delta: string): string {
    const text = this.held + delta;
    this.held = endsInHighSurrogate(text) ? text.slice(-1) : '';
    return this.held === '' ? text : text.slice(0, -1);
  }

  /** What was held back, when no more deltas follow; usually empty. */
  flush(): string {
    const { held } = this;
    this.held = '';
    return held;
  }
}

function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
