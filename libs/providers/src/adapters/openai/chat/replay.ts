import { type Json, list, object, text } from '../../../http/json.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { AssistantMessage } from '../../../spec/prompt.js';

/**
 * Gathers the thoughts of an answer in the fields of an assistant message in which their server wants them back while it works
 * with tools. DeepSeek and Kimi refuse a call of a tool without the text that led to it
 * (https://api-docs.deepseek.com/guides/thinking_mode), OpenRouter passes on what the vendors behind it have signed
 * (https://openrouter.ai/docs/use-cases/reasoning-tokens).
 */
export class ThoughtKeeper {
  #text = '';
  #details: unknown[] = [];
  readonly #keepsText: boolean;
  readonly #keepsDetails: boolean;

  constructor(wanted: ModelCall['wantedThoughts'] = []) {
    this.#keepsText = wanted === 'all' || wanted.includes('reasoning_content');
    this.#keepsDetails = wanted === 'all' || wanted.includes('reasoning_details');
  }

  add(message: Json): void {
    if (this.#keepsText) this.#text += text(message['reasoning_content']) || text(message['reasoning']);
    if (this.#keepsDetails) this.#details.push(...list(message['reasoning_details']));
  }

  /** What was gathered since the last time, as the `data` of a `ReasoningPart`; undefined when that is nothing. */
  take(): Json | undefined {
    // Asked for each piece of an answer, of which hardly any comes behind a thought.
    if (this.#text === '' && this.#details.length === 0) return undefined;
    const data = {
      ...(this.#text && { reasoning_content: this.#text }),
      ...(this.#details.length > 0 && { reasoning_details: this.#details }),
    };
    this.#text = '';
    this.#details = [];
    return data;
  }
}

/** What goes back with an assistant message: fields of its own, and fields of its calls by their ids. */
export interface Replay {
  readonly fields: Json;
  readonly ofCall: (callId: string) => Json;
}

/** Reads what {@link ThoughtKeeper} and the reader of tool calls have given. */
export function replayOf({ content }: AssistantMessage): Replay {
  const given = content.flatMap((part) => (part.type === 'reasoning' ? [part.data] : []));
  const hasCalls = content.some((part) => part.type === 'tool-call');
  const extras = Object.assign({}, ...given.map((data) => object(data['call_extras']) ?? {})) as Json;
  return {
    fields: hasCalls ? fieldsOf(given) : {},
    ofCall: (callId) => (Object.hasOwn(extras, callId) ? { extra_content: extras[callId] } : {}),
  };
}

function fieldsOf(given: readonly Json[]): Json {
  const texts = given.flatMap((data) => ('reasoning_content' in data ? [text(data['reasoning_content'])] : []));
  const details = given.flatMap((data) => list(data['reasoning_details']));
  return {
    ...(texts.length > 0 && { reasoning_content: texts.join('') }),
    ...(details.length > 0 && { reasoning_details: details }),
  };
}
