import { type FinishReason, type ModelRef, ProviderError, type StreamPart, type Usage } from '#providers';
import { type Completion, type CompletionHead, finishName, toAnnotation, toImage, toUsage } from './completion.js';

const DONE = 'data: [DONE]\n\n';

/**
 * An answer as `chat.completion.chunk` frames. Nothing is written before the first part of the answer, so that a failure
 * until then has an HTTP status, and another model may answer instead.
 */
export class StreamedCompletion implements Completion {
  private hasBegun = false;
  private images = 0;
  private readonly calls = new Map<string, { readonly index: number; hasArguments: boolean }>();
  private readonly start: string;
  private readonly textStart: string;
  private readonly includeUsage: boolean;

  constructor(
    private readonly head: CompletionHead,
    private readonly ref: ModelRef,
    options: { readonly includeUsage: boolean },
  ) {
    this.includeUsage = options.includeUsage;
    const frame = JSON.stringify({ ...this.fields(), choices: [] });
    this.start = `data: ${frame.slice(0, -']}'.length)}`;
    this.textStart = `${this.start}{"index":0,"delta":{"content":`;
  }

  accept(part: StreamPart): string {
    switch (part.type) {
      // The hot path: all but the text is encoded once.
      case 'text-delta':
        if (part.text === '') return '';
        return `${this.role()}${this.textStart}${JSON.stringify(part.text)}},"logprobs":null,"finish_reason":null}]}\n\n`;
      case 'reasoning-delta':
        return part.text === '' ? '' : this.role() + this.chunk({ reasoning_content: part.text });
      case 'tool-call-start':
        return this.role() + this.startCall(part);
      case 'tool-call-delta':
        return this.growCall(part.id, part.arguments);
      case 'tool-call-end':
        // A tool without arguments: what callers parse must be JSON.
        return this.calls.get(part.id)?.hasArguments ? '' : this.growCall(part.id, '{}');
      case 'source': {
        const annotation = toAnnotation(part);
        return annotation ? this.role() + this.chunk({ annotations: [annotation] }) : '';
      }
      case 'image-end':
        return this.role() + this.chunk({ images: [toImage(part, this.images++)] });
      case 'discard':
        this.discard(part);
        return '';
      case 'text-start':
      case 'text-end':
      case 'warning':
      case 'reasoning-start':
      case 'reasoning-end':
      case 'reasoning-replay':
      case 'image-start':
      case 'image-preview':
      case 'image-failed':
      case 'usage':
      case 'finish':
        return '';
    }
  }

  end(finish: FinishReason, usage: Usage | undefined): string {
    const word = finishName(finish, this.calls.size > 0, this.ref);
    const last = this.role() + this.chunk({}, word);
    if (!this.includeUsage) return last + DONE;
    return `${last}data: ${JSON.stringify({ ...this.fields(), choices: [], usage: toUsage(usage) })}\n\n${DONE}`;
  }

  private startCall({ id, callId, name }: Extract<StreamPart, { type: 'tool-call-start' }>): string {
    const index = this.calls.size;
    this.calls.set(id, { index, hasArguments: false });
    return this.chunk({ tool_calls: [{ index, id: callId, type: 'function', function: { name, arguments: '' } }] });
  }

  private growCall(id: string, text: string): string {
    const call = this.calls.get(id);
    if (!call || text === '') return '';
    call.hasArguments = true;
    return this.chunk({ tool_calls: [{ index: call.index, function: { arguments: text } }] });
  }

  private discard({ failed, next }: Extract<StreamPart, { type: 'discard' }>): void {
    if (!this.hasBegun) return;
    const detail = `it failed in the middle of its answer, which cannot be withdrawn for ${next.provider}/${next.model}`;
    throw new ProviderError('stream_truncated', { ref: failed, detail });
  }

  /** The chunk that opens the message, once. */
  private role(): string {
    if (this.hasBegun) return '';
    this.hasBegun = true;
    return this.chunk({ role: 'assistant', content: '' });
  }

  private chunk(delta: object, finish: string | null = null): string {
    return `${this.start}${JSON.stringify({ index: 0, delta, logprobs: null, finish_reason: finish })}]}\n\n`;
  }

  /** Where usage is asked for, it is null in every chunk but the last. `choices` comes last. */
  private fields(): object {
    return { ...this.head, object: 'chat.completion.chunk', ...(this.includeUsage && { usage: null }) };
  }
}
