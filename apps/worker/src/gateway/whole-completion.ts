import { AnswerFold, type FinishReason, type ModelRef, type StreamPart, type Usage } from '#providers';
import { type Completion, type CompletionHead, finishName, toAnnotation, toImage, toUsage } from './completion.js';

/** An answer as one `chat.completion`. */
export class WholeCompletion implements Completion {
  private readonly fold = new AnswerFold();
  private annotations: object[] = [];
  private images: object[] = [];

  constructor(
    private readonly head: CompletionHead,
    private readonly ref: ModelRef,
  ) {}

  accept(part: StreamPart): string {
    this.fold.add(part);
    if (part.type === 'discard') [this.annotations, this.images] = [[], []];
    if (part.type === 'image-end') this.images.push(toImage(part, this.images.length));
    const annotation = part.type === 'source' && toAnnotation(part);
    if (annotation) this.annotations.push(annotation);
    return '';
  }

  end(finish: FinishReason, usage: Usage | undefined): string {
    const { text, reasoning, toolCalls } = this.fold.result(this.ref);
    const message = {
      role: 'assistant',
      content: text === '' && toolCalls.length > 0 ? null : text,
      refusal: null,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(this.annotations.length > 0 && { annotations: this.annotations }),
      ...(this.images.length > 0 && { images: this.images }),
      ...(toolCalls.length > 0 && {
        tool_calls: toolCalls.map(({ callId, name, arguments: args }) => ({
          id: callId,
          type: 'function',
          function: { name, arguments: args || '{}' },
        })),
      }),
    };
    const finishReason = finishName(finish, toolCalls.length > 0, this.ref);
    return JSON.stringify({
      ...this.head,
      object: 'chat.completion',
      choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
      usage: toUsage(usage),
    });
  }
}
