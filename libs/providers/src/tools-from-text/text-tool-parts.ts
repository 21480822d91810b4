import { MAX_TOOL_CALLS } from '../parts/part-writer.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { WrittenCall } from './call-shape.js';
import { CallText } from './call-text.js';

type TextStart = Extract<StreamPart, { type: 'text-start' }>;

interface Block {
  /** Held back until there is visible text: a message of calls alone gets no text block. */
  start: TextStart | undefined;
  hasCalls: boolean;
  readonly text: CallText;
}

/** Turns the calls in a model's text into tool-call parts. Parts go in one by one; what comes out is well-formed again. */
export class TextToolParts {
  private readonly blocks = new Map<string, Block>();
  private calls = 0;
  private hasCalls = false;
  /** Calls before this one were of an answer that has been discarded. */
  private firstCall = 0;

  constructor(
    private readonly offered: ReadonlySet<string>,
    private readonly newCallId: () => string,
  ) {}

  /** @throws RangeError for more calls than one answer may have */
  push(part: StreamPart): readonly StreamPart[] {
    switch (part.type) {
      case 'text-start':
        this.blocks.set(part.id, { start: part, hasCalls: false, text: new CallText(this.offered) });
        return [];
      case 'text-delta':
        return this.withBlock(part, (block) => this.write(part.id, block, block.text.push(part.text)));
      case 'text-end':
        return this.withBlock(part, (block) => this.end(part, block));
      case 'source':
        return [...this.begin(this.blocks.get(part.id ?? '')), part];
      case 'discard':
        this.blocks.clear();
        this.hasCalls = false;
        this.firstCall = this.calls;
        return [part];
      case 'finish':
        return [this.hasCalls ? { ...part, reason: { ...part.reason, unified: 'tool_calls' } } : part];
      case 'warning':
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
      case 'usage':
        return [part];
    }
  }

  private withBlock(part: { readonly id: string } & StreamPart, read: (block: Block) => StreamPart[]): StreamPart[] {
    const block = this.blocks.get(part.id);
    return block ? read(block) : [part];
  }

  private end(part: StreamPart & { readonly id: string }, block: Block): StreamPart[] {
    const rest = this.write(part.id, block, block.text.end());
    this.blocks.delete(part.id);
    if (block.start && block.hasCalls) return rest;
    return [...rest, ...this.begin(block), part];
  }

  private write(id: string, block: Block, pieces: readonly (string | WrittenCall)[]): StreamPart[] {
    return pieces.flatMap((piece): StreamPart[] => {
      if (typeof piece === 'string') return [...this.begin(block), { type: 'text-delta', id, text: piece }];
      block.hasCalls = true;
      this.hasCalls = true;
      return this.call(piece);
    });
  }

  private begin(block: Block | undefined): StreamPart[] {
    if (!block?.start) return [];
    const { start } = block;
    block.start = undefined;
    return [start];
  }

  private call({ name, arguments: args }: WrittenCall): StreamPart[] {
    if (this.calls - this.firstCall >= MAX_TOOL_CALLS) {
      throw new RangeError(`more than ${MAX_TOOL_CALLS} tool calls in the text of one answer`);
    }
    // No other block has this id: adapters number theirs by kind.
    const id = `text-call-${this.calls++}`;
    return [
      { type: 'tool-call-start', id, callId: this.newCallId(), name },
      { type: 'tool-call-delta', id, arguments: args },
      { type: 'tool-call-end', id },
    ];
  }
}
