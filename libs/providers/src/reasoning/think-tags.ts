import type { StreamPart } from '../spec/stream-part.js';

const OPEN = '<think>';
const CLOSE = '</think>';
/** No other block has this id: adapters number theirs. */
const BLOCK = 'think-tag';

/**
 * Turns the thoughts that a model writes between think tags at the beginning of its text into reasoning. It takes parts
 * one by one, in any cut, and returns well-formed parts. When `isDone` is true, all further parts stay unchanged.
 */
export class ThinkTags {
  private state: 'undecided' | 'thinking' | 'thought' | 'done' = 'undecided';
  /** The start of the text, held back while it may still begin with a tag. */
  private start: Extract<StreamPart, { type: 'text-start' }> | undefined;
  /** Text that may be the beginning of a tag. */
  private held = '';

  get isDone(): boolean {
    return this.state === 'done';
  }

  push(part: StreamPart): readonly StreamPart[] {
    if (this.state === 'done') return [part];
    switch (part.type) {
      case 'text-start':
        this.start = part;
        return [];
      case 'text-delta':
        return this.text(part.text);
      case 'text-end':
        return [...this.flush(), ...this.end(part)];
      case 'usage':
      case 'warning':
        return [part];
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
      case 'reasoning-replay':
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
      case 'image-start':
      case 'image-preview':
      case 'image-end':
      case 'image-failed':
      case 'source':
      case 'discard':
      case 'finish':
        // The provider separates thoughts, tools and sources by itself, or the answer has ended.
        return [...this.flush(), part];
    }
  }

  private text(text: string): StreamPart[] {
    const whole = this.held + text;
    this.held = '';
    switch (this.state) {
      case 'undecided':
        return this.decide(whole);
      case 'thinking':
        return this.think(whole);
      case 'thought':
      case 'done':
        return this.afterThoughts(whole);
    }
  }

  private decide(text: string): StreamPart[] {
    const seen = text.trimStart();
    if (seen.startsWith(OPEN)) {
      this.state = 'thinking';
      return [{ type: 'reasoning-start', id: BLOCK }, ...this.think(seen.slice(OPEN.length))];
    }
    if (OPEN.startsWith(seen)) {
      this.held = text;
      return [];
    }
    this.state = 'done';
    return this.begun(text);
  }

  private think(text: string): StreamPart[] {
    const end = text.indexOf(CLOSE);
    if (end < 0) {
      const kept = partialTag(text, CLOSE);
      this.held = text.slice(text.length - kept);
      return thought(text.slice(0, text.length - kept));
    }
    this.state = 'thought';
    return [
      ...thought(text.slice(0, end)),
      { type: 'reasoning-end', id: BLOCK },
      ...this.afterThoughts(text.slice(end + CLOSE.length)),
    ];
  }

  /** The blank lines after the closing tag belong to neither. */
  private afterThoughts(text: string): StreamPart[] {
    const answer = text.trimStart();
    if (answer === '') return [];
    this.state = 'done';
    return this.begun(answer);
  }

  private begun(text: string): StreamPart[] {
    const { start } = this;
    this.start = undefined;
    if (!start) return [];
    return [start, ...(text === '' ? [] : [{ type: 'text-delta' as const, id: start.id, text }])];
  }

  /** Releases what was held back, when no more text can decide about it. */
  private flush(): StreamPart[] {
    const { state, held } = this;
    this.state = 'done';
    this.held = '';
    if (state === 'undecided') return this.begun(held);
    if (state === 'thinking') return [...thought(held), { type: 'reasoning-end', id: BLOCK }];
    return [];
  }

  /** The end of a text block that was never written is dropped. */
  private end(part: StreamPart): StreamPart[] {
    const { start } = this;
    this.start = undefined;
    return start ? [] : [part];
  }
}

const thought = (text: string): StreamPart[] => (text === '' ? [] : [{ type: 'reasoning-delta', id: BLOCK, text }]);

/** How many characters at the end of a text may be the beginning of a tag. */
function partialTag(text: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (tag.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
