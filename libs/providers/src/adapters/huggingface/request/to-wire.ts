import type { CallSettings } from '../../../spec/call-settings.js';
import { ignoredDocuments } from '../../../spec/ignored-documents.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { ModelRef } from '../../../spec/model-ref.js';
import { ProviderError } from '../../../spec/provider-error.js';
import type { Warning } from '../../../spec/stream-part.js';
import { object } from '../../../http/json.js';
import type { ChatTemplate } from './chat-template.js';

/** Request body of `POST /generate_stream` and of `POST /models/<id>`. */
export interface GenerateRequest {
  readonly inputs: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * A call as one text to be continued, with what could not be expressed in it. `details` asks for the reason to stop and the
 * usage, which only text-generation-inference knows.
 * @throws ProviderError `bad_request` where the chat template refuses the prompt
 */
export function toWire(
  call: ModelCall,
  ref: ModelRef,
  { template, details }: { template: ChatTemplate; details: boolean },
): { body: GenerateRequest; warnings: Warning[] } {
  const warnings = ignoredDocuments(call);
  const { parameters: given, ...more } = call.providerOptions?.[ref.provider] ?? {};
  const settings = call.settings ?? {};
  for (const setting of unsupported(call)) {
    warnings.push({ code: 'unsupported_setting', setting, detail: 'this API generates text and has no place for it' });
  }
  const stop = [...template.stop, ...(settings.stop ?? [])];
  const parameters = {
    ...toParameters(settings),
    ...(stop.length > 0 && { stop }),
    ...object(given),
    return_full_text: false,
    ...(details && { details: true }),
  };
  return { body: { ...more, inputs: render(call, ref, template, warnings), parameters }, warnings };
}

function unsupported({ settings, tools, toolChoice }: ModelCall): string[] {
  const wantsTools = tools?.length && toolChoice !== 'none';
  return [
    ...(settings?.presencePenalty === undefined ? [] : ['presencePenalty']),
    ...(settings?.reasoningEffort === undefined ? [] : ['reasoningEffort']),
    ...(wantsTools ? ['tools'] : []),
  ];
}

/**
 * The limit of an answer when none is asked for: without one, the servers cut an answer after 20 to 100 tokens
 * (https://huggingface.co/docs/api-inference/detailed_parameters, `max_new_tokens`).
 */
export const DEFAULT_MAX_TOKENS = 1_024;

/** https://huggingface.github.io/text-generation-inference: what is out of its ranges there is an end of ours, said otherwise. */
function toParameters({ maxTokens, temperature, topP, topK, frequencyPenalty, seed }: CallSettings) {
  return {
    max_new_tokens: maxTokens ?? DEFAULT_MAX_TOKENS,
    // Must be above 0: no sampling is what 0 means.
    ...(temperature === 0 ? { do_sample: false } : { temperature }),
    // Must be below 1: all of the mass is what 1 means, and the default.
    top_p: topP === 1 ? undefined : topP,
    top_k: topK,
    frequency_penalty: frequencyPenalty,
    seed,
  };
}

function render({ prompt }: ModelCall, ref: ModelRef, template: ChatTemplate, warnings: Warning[]): string {
  try {
    return template.render(prompt, warnings);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ProviderError('bad_request', { ref, detail: `the chat template refuses the prompt: ${why}`, cause });
  }
}
