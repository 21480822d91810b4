import { AnswerFold, type GenerateResult } from '../spec/generate.js';
import { inlined } from '../http/stored-bytes.js';
import { decorated } from '../spec/decorated-model.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { ModelCaller } from '../spec/model-attempt.js';
import type { Message } from '../spec/prompt.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { CallHooks } from './define-hooks.js';

/**
 * The model with hooks around each of its calls: `before` when the answer is first asked for, `after` when it is complete.
 * `onError` gets the failures of `after`, and what was said in the call: they may quote it.
 * @throws (from `stream`) what `before` throws
 */
export function hookedModel(
  model: LanguageModel,
  hooks: CallHooks,
  caller: ModelCaller,
  onError: (error: unknown, said: readonly Message[]) => void,
): LanguageModel {
  // Without `countInput`: a call that `before` has not approved is not sent anywhere, not even to be counted.
  return decorated(model, {
    countInput: undefined,
    async *stream(call: ModelCall, signal: AbortSignal): AsyncGenerator<StreamPart> {
      // The operator's code sees files as base64.
      const { call: seen, release } = await inlined(call, signal);
      const fold = new AnswerFold();
      let asked = seen;
      try {
        asked = (await hooks.before?.(seen, caller, model.ref)) ?? seen;
        signal.throwIfAborted();
        // Hooks cannot change who makes the call or where its cost is counted.
        for await (const part of model.stream({ ...asked, ...ours(call) }, signal)) {
          fold.add(part);
          yield part;
        }
      } finally {
        release();
      }
      const { after } = hooks;
      if (after && fold.isComplete) {
        const result = fold.result(model.ref);
        void Promise.resolve()
          .then(() => after.call(hooks, result, caller, model.ref))
          .catch((error: unknown) => onError(error, [...seen.prompt, ...asked.prompt, answerOf(result)]));
      }
    },
  });
}

const answerOf = ({ text, reasoning, toolCalls }: GenerateResult): Message => ({
  role: 'assistant',
  content: [{ type: 'text', text }, { type: 'text', text: reasoning }, ...toolCalls],
});

const ours = ({ caller, report, isBackground }: ModelCall): Pick<ModelCall, 'caller' | 'report' | 'isBackground'> => ({
  ...(caller && { caller }),
  ...(report && { report }),
  ...(isBackground && { isBackground }),
});
