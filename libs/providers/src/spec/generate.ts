import type { LanguageModel, ModelCall } from './language-model.js';
import type { ModelRef } from './model-ref.js';
import { ProviderError } from './provider-error.js';
import type { ToolCallPart } from './prompt.js';
import type { FinishReason, Source, StreamPart, Warning } from './stream-part.js';
import type { Usage } from './usage.js';

/**
 * A whole answer. `text` and `reasoning` are the deltas joined without separators; usage is the last one reported. Images and
 * what goes back into a tool loop's prompt are left out; read the stream for those.
 */
export interface GenerateResult {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCallPart[];
  readonly sources: readonly Source[];
  readonly warnings: readonly Warning[];
  readonly finish: FinishReason;
  readonly usage: Usage | undefined;
}

interface Answer {
  text: string;
  reasoning: string;
  calls: Map<string, { callId: string; name: string; arguments: string }>;
  sources: Source[];
  warnings: Warning[];
  finish: FinishReason | undefined;
  usage: Usage | undefined;
}

/** Builds a whole answer from the parts of a stream. */
export class AnswerFold {
  private readonly answer: Answer = {
    text: '',
    reasoning: '',
    calls: new Map(),
    sources: [],
    warnings: [],
    finish: undefined,
    usage: undefined,
  };

  add(part: StreamPart): void {
    add(this.answer, part);
  }

  get isComplete(): boolean {
    return this.answer.finish !== undefined;
  }

  /** @throws ProviderError `stream_truncated` while it is not complete */
  result(ref: ModelRef): GenerateResult {
    const { finish, calls, ...rest } = this.answer;
    if (!finish) throw new ProviderError('stream_truncated', { ref, detail: 'stream ended without finish' });
    return { ...rest, finish, toolCalls: [...calls.values()].map((one) => ({ type: 'tool-call', ...one })) };
  }
}

/**
 * Asks the model and waits for the whole answer, by folding {@link LanguageModel.stream}.
 * @throws what `stream` throws; `stream_truncated` for a model that ends without `finish`
 */
export async function generate(model: LanguageModel, call: ModelCall, signal: AbortSignal): Promise<GenerateResult> {
  const fold = new AnswerFold();
  for await (const part of model.stream(call, signal)) fold.add(part);
  return fold.result(model.ref);
}

function add(answer: Answer, part: StreamPart): void {
  switch (part.type) {
    case 'text-delta':
      answer.text += part.text;
      return;
    case 'reasoning-delta':
      answer.reasoning += part.text;
      return;
    case 'tool-call-start':
      answer.calls.set(part.id, { callId: part.callId, name: part.name, arguments: '' });
      return;
    case 'tool-call-delta': {
      const call = answer.calls.get(part.id);
      if (call) call.arguments += part.arguments;
      return;
    }
    case 'source':
      answer.sources.push(part.source);
      return;
    case 'warning':
      answer.warnings.push(part.warning);
      return;
    case 'discard':
      Object.assign(answer, { text: '', reasoning: '', calls: new Map(), sources: [], usage: undefined });
      return;
    case 'usage':
      answer.usage = part.usage;
      return;
    case 'finish':
      answer.finish = part.reason;
      answer.usage = part.usage ?? answer.usage;
      return;
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
    case 'reasoning-replay':
    case 'tool-call-end':
    case 'image-start':
    case 'image-preview':
    case 'image-end':
    case 'image-failed':
      return;
    default:
      part satisfies never;
  }
}
