import { randomUUID } from 'node:crypto';
import { PartWriter } from '../../parts/part-writer.js';
import type { Capability } from '../../spec/capability.js';
import { ignoredDocuments } from '../../spec/ignored-documents.js';
import type { LanguageModel, ModelCall } from '../../spec/language-model.js';
import type { ModelRef } from '../../spec/model-ref.js';
import type { Message } from '../../spec/prompt.js';
import { ProviderError } from '../../spec/provider-error.js';
import type { CallSettings } from '../../spec/call-settings.js';
import type { StreamPart, Warning } from '../../spec/stream-part.js';
import { defaultAnswer, parseScript } from './script.js';
import { toolUse } from './tool-use.js';
import type { Sleep } from '../../timing/sleep.js';

/** Answers by the commands in the last user message: the same prompt, the same parts, but for the ids of tool calls. */
export class DemoModel implements LanguageModel {
  constructor(
    readonly ref: ModelRef,
    readonly capabilities: ReadonlySet<Capability>,
    private readonly sleep: Sleep,
  ) {}

  checkSettings(settings: CallSettings): readonly Warning[] {
    return ignoredSettings({ settings });
  }

  async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
    const questions = call.prompt.flatMap(userText);
    const message = this.#message(call) ?? questions.at(-1) ?? '';
    const use = toolUse(message, call);
    const writer = new PartWriter();
    for (const warning of [...ignoredDocuments(call), ...ignoredSettings(call)]) writer.warning(warning);
    if (use?.type === 'call') {
      signal.throwIfAborted();
      writer.delta(writer.toolCall(`call_${randomUUID()}`, use.name), use.arguments);
      writer.finish({ unified: 'tool_calls', raw: 'tool_calls' }, countUsage(questions, [use.arguments]));
      yield* writer.take();
      return;
    }
    const said = use?.text ?? defaultAnswer(message, questions.length, call.tools);
    const { deltas, delayMs, failAfter } = parseScript(message, said);
    for (const [index, delta] of deltas.entries()) {
      if (index === failAfter) throw this.#overloaded();
      if (delayMs > 0) await this.sleep(delayMs, signal);
      signal.throwIfAborted();
      writer.text(delta);
      yield* writer.take();
    }
    if (failAfter !== undefined) throw this.#overloaded();
    signal.throwIfAborted();
    writer.finish({ unified: 'stop', raw: 'stop' }, countUsage(questions, deltas));
    yield* writer.take();
  }

  /** What an assistant of the demo's own wants answered in place of what the person has written. */
  #message({ providerOptions }: ModelCall): string | undefined {
    const message = providerOptions?.[this.ref.provider]?.['message'];
    return typeof message === 'string' ? message : undefined;
  }

  #overloaded(): ProviderError {
    return new ProviderError('overloaded', { ref: this.ref, detail: 'the message asked the demo provider to fail' });
  }
}

const ignoredSettings = ({ settings = {} }: Pick<ModelCall, 'settings'>): Warning[] =>
  Object.entries(settings).flatMap(([setting, value]): Warning[] =>
    value === undefined ? [] : [{ code: 'unsupported_setting', setting, detail: 'the demo takes no settings' }],
  );

function userText(message: Message): string[] {
  if (message.role !== 'user') return [];
  return [message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')];
}

/** A token is a word of the user, and a delta of ours. */
function countUsage(questions: readonly string[], deltas: readonly string[]) {
  const inputTokens = questions.join(' ').split(/\s+/u).filter(Boolean).length;
  return { inputTokens, outputTokens: deltas.length, totalTokens: inputTokens + deltas.length };
}
