import type { StreamPart } from '../spec/stream-part.js';
import type { ThinkHabit } from './think-memory.js';

const OPEN = '<think>';
const CLOSE = '</think>';
/** No other block has this id: adapters number theirs. */
const BLOCK = 'think-tag';

/** How much text of a model that may think unmarked is held back, and for how long, before it is taken for its answer. */
const MAX_HELD_CHARACTERS = 1_000;
const MAX_HELD_MS = 500;

/** What is known of the model, where its chat template may have put the opening tag into the prompt. */
export interface UnmarkedThinking {
  readonly habit: ThinkHabit | undefined;
  readonly learn: (habit: ThinkHabit | undefined) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Turns the thoughts that a model writes between think tags at the beginning of its text into reasoning. It takes parts
 * one by one, in any cut, and returns well-formed parts. When `isDone` is true, all further parts stay unchanged.
 *
 * Where only the closing tag may come (`unmarked`), the first text of a model that is not known yet is held back for a moment; that
 * of one that is known to think so is a thought until the tag comes, and the answer after all if it never does.
 */
export class ThinkTags {
  private state: 'undecided' | 'held' | 'presumed' | 'watching' | 'thinking' | 'thought' | 'done' = 'undecided';
  /** When the first text came that is held back. */
  private heldSince = 0;
  /** All that was taken for a thought without a mark. */
  private presumed = '';
  /** The start of the text, held back while it may still begin with a tag. */
  private start: Extract<StreamPart, { type: 'text-start' }> | undefined;
  /** Text that may be the beginning of a tag. */
  private held = '';
  /** The text block that was passed on. */
  private block: string | undefined;

  constructor(private readonly unmarked?: UnmarkedThinking) {}

  get isDone(): boolean {
    return this.state === 'done';
  }

  /** How long text is still held back that may be a thought, in milliseconds; undefined when none is. */
  get heldForMs(): number | undefined {
    if (this.state !== 'held') return undefined;
    return Math.max(0, this.heldSince + MAX_HELD_MS - (this.unmarked?.now() ?? 0));
  }

  /** Gives up waiting: the text is passed on. */
  release(): readonly StreamPart[] {
    const { held } = this;
    this.held = '';
    this.state = 'watching';
    return this.begun(held);
  }

  push(part: StreamPart): readonly StreamPart[] {
    if (this.state === 'done') return [part];
    switch (part.type) {
      case 'text-start':
        if (this.state === 'watching') return [...this.flush(), part];
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

  private text(text: string): readonly StreamPart[] {
    const whole = this.held + text;
    this.held = '';
    switch (this.state) {
      case 'undecided':
        return this.decide(whole);
      case 'held':
        return this.hold(whole);
      case 'watching':
        return this.watch(whole);
      case 'presumed':
        this.presumed += text;
        return this.think(whole);
      case 'thinking':
        return this.think(whole);
      case 'thought':
      case 'done':
        return this.afterThoughts(whole);
    }
  }

  private decide(text: string): readonly StreamPart[] {
    const seen = text.trimStart();
    if (seen.startsWith(OPEN)) {
      this.state = 'thinking';
      return [{ type: 'reasoning-start', id: BLOCK }, ...this.think(seen.slice(OPEN.length))];
    }
    if (OPEN.startsWith(seen)) {
      this.held = text;
      return [];
    }
    return this.decideUnmarked(text);
  }

  private decideUnmarked(text: string): readonly StreamPart[] {
    const { unmarked } = this;
    if (!unmarked || unmarked.habit === 'plain') {
      this.state = 'done';
      return this.begun(text);
    }
    if (unmarked.habit === undefined) {
      this.state = 'held';
      this.heldSince = unmarked.now();
      return this.hold(text);
    }
    this.state = 'presumed';
    this.presumed = text;
    return [{ type: 'reasoning-start', id: BLOCK }, ...this.think(text)];
  }

  private hold(text: string): readonly StreamPart[] {
    const end = closeOf(text);
    if (end >= 0) {
      this.unmarked?.learn('unmarked');
      return [{ type: 'reasoning-start', id: BLOCK }, ...this.endThought(text, end)];
    }
    const waited = (this.unmarked?.now() ?? 0) - this.heldSince;
    if (text.length <= MAX_HELD_CHARACTERS && waited <= MAX_HELD_MS) {
      this.held = text;
      return [];
    }
    this.held = text;
    return this.release();
  }

  /** Too late for this answer, but not for the next one. */
  private watch(text: string): StreamPart[] {
    const end = closeOf(text);
    if (end < 0) return this.said(text);
    this.unmarked?.learn('unmarked');
    this.state = 'done';
    return this.said(text.slice(0, end) + text.slice(end + CLOSE.length));
  }

  private said(text: string): StreamPart[] {
    return text === '' || this.block === undefined ? [] : [{ type: 'text-delta', id: this.block, text }];
  }

  private think(text: string): StreamPart[] {
    const end = this.state === 'presumed' ? closeOf(text) : text.indexOf(CLOSE);
    if (end < 0) {
      const kept = partialTag(text, CLOSE);
      this.held = text.slice(text.length - kept);
      return thought(text.slice(0, text.length - kept));
    }
    return this.endThought(text, end);
  }

  private endThought(text: string, end: number): StreamPart[] {
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
    this.block = start.id;
    return [start, ...(text === '' ? [] : [{ type: 'text-delta' as const, id: start.id, text }])];
  }

  /** Releases what was held back, when no more text can decide about it. */
  private flush(): StreamPart[] {
    const { state, held } = this;
    this.state = 'done';
    this.held = '';
    switch (state) {
      case 'undecided':
        return this.begun(held);
      case 'held':
        this.unmarked?.learn('plain');
        return this.begun(held);
      case 'watching':
        this.unmarked?.learn('plain');
        return [];
      case 'thinking':
        return [...thought(held), { type: 'reasoning-end', id: BLOCK }];
      case 'presumed':
        // It did not think this time, and what it said is the answer.
        this.unmarked?.learn(undefined);
        return [...thought(held), { type: 'reasoning-end', id: BLOCK }, ...this.begun(this.presumed)];
      case 'thought':
      case 'done':
        return [];
    }
  }

  /** The end of a text block that was never written is dropped. */
  private end(part: StreamPart): StreamPart[] {
    const { start } = this;
    this.start = undefined;
    return start ? [] : [part];
  }
}

const thought = (text: string): StreamPart[] => (text === '' ? [] : [{ type: 'reasoning-delta', id: BLOCK, text }]);

/** Where a tag without an opening one ends a thought; one that is quoted is about tags. */
function closeOf(text: string): number {
  let at = text.indexOf(CLOSE);
  while (at >= 0 && /[`'"“]/.test(text.charAt(at - 1))) at = text.indexOf(CLOSE, at + 1);
  return at;
}

/** How many characters at the end of a text may be the beginning of a tag. */
function partialTag(text: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (tag.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
