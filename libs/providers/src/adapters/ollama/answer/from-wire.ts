import { count, dropAbsent, type Json, list, object, text } from '../../../http/json.js';
import type { AnswerReader } from '../../../wire/answer-reader.js';
import { isErrorBody } from '../../../wire/error-frame.js';
import { type FailureContext, streamFailure } from '../../../wire/errors.js';
import { finishReason, writeFinish } from '../../../wire/finish.js';
import { PartWriter } from '../../../parts/part-writer.js';
import { ProviderError } from '../../../spec/provider-error.js';
import type { StreamPart } from '../../../spec/stream-part.js';
import type { Usage } from '../../../spec/usage.js';

/** Reads one answer of `/api/chat`: each line has what is new, the last one `done`, or a single line has everything. */
export class OllamaAnswerReader implements AnswerReader {
  readonly #writer = new PartWriter();
  #thinking = '';
  #answered = false;
  #unknownFrames = 0;
  #done: Json | undefined;

  constructor(
    private readonly context: FailureContext,
    private readonly newCallId: () => string,
  ) {}

  get finished(): boolean {
    return this.#done !== undefined;
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  frame(json: unknown): boolean {
    this.#push(json);
    return this.finished;
  }

  unreadable(): void {
    this.#unknownFrames += 1;
  }

  whole(json: unknown): void {
    this.#push(json);
  }

  /** @throws ProviderError `empty_response` when no message came, `stream_truncated` when nothing said that it is over */
  end(marked: boolean): void {
    const { ref } = this.context;
    if (!marked && !this.finished) {
      throw new ProviderError('stream_truncated', { ref, detail: 'the stream ended without done: true' });
    }
    if (!this.#answered) {
      this.#writer.usage(usageOf(this.#done));
      throw new ProviderError('empty_response', { ref, detail: 'the answer holds no message' });
    }
    this.#endThinking();
    this.#writer.skipped(this.#unknownFrames);
    const reason = text(this.#done?.['done_reason']);
    // Older servers say only that it is done.
    const finish = reason ? finishReason(reason, this.context) : { unified: 'stop' as const, raw: null };
    writeFinish(this.#writer, finish, usageOf(this.#done));
  }

  #push(json: unknown): void {
    const line = object(json);
    const message = object(line?.['message']);
    if (line && (line['error'] || (!message && isErrorBody(line)))) throw streamFailure(this.context, line);
    if (message) this.#message(message);
    if (line?.['done'] === true) this.#done = line;
    else if (!message) this.#unknownFrames += 1;
  }

  #message(message: Json): void {
    this.#answered = true;
    const thinking = text(message['thinking']);
    this.#thinking += thinking;
    this.#writer.reasoning(thinking);
    const content = text(message['content']);
    const calls = list(message['tool_calls']);
    if (content || calls.length > 0) this.#endThinking();
    this.#writer.text(content);
    for (const call of calls) this.#toolCall(object(call) ?? {});
  }

  /** Models that think while they work with tools need their thoughts back in the next call. */
  #endThinking(): void {
    if (this.#thinking) this.#writer.replay(this.context.ref.provider, { thinking: this.#thinking });
    this.#thinking = '';
  }

  /** Each call comes whole, its arguments as an object; older servers give it no id. */
  #toolCall(call: Json): void {
    const details = object(call['function']) ?? {};
    const name = text(details['name']);
    if (!name) return;
    const block = this.#writer.toolCall(text(call['id']) || this.newCallId(), name);
    const given = details['arguments'];
    this.#writer.delta(block, typeof given === 'string' ? given : JSON.stringify(given ?? {}));
    this.#writer.end(block);
  }
}

function usageOf(done: Json | undefined): Usage | undefined {
  const usage: Usage = dropAbsent({
    inputTokens: count(done?.['prompt_eval_count']),
    outputTokens: count(done?.['eval_count']),
  });
  return Object.keys(usage).length > 0 ? usage : undefined;
}
