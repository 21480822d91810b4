import { type Json, list, object, text } from '../../../http/json.js';
import type { AssistantMessage } from '../../../spec/prompt.js';

/** The field of an assistant message in which a server wants its thoughts back while it works with tools. */
export type ReplayField = 'reasoning_content' | 'reasoning_details';

/**
 * Gathers the thoughts of an answer as their server wants them back. DeepSeek refuses a call of a tool without the text that led to
 * it (https://api-docs.deepseek.com/guides/thinking_mode), OpenRouter passes on what the vendors behind it have signed
 * (https://openrouter.ai/docs/use-cases/reasoning-tokens).
 */
export class ThoughtKeeper {
  #text = '';
  #details: unknown[] = [];

  constructor(private readonly field: ReplayField | null) {}

  add(message: Json): void {
    if (this.field === 'reasoning_content') this.#text += text(message['reasoning_content']);
    else if (this.field === 'reasoning_details') this.#details.push(...list(message['reasoning_details']));
  }

  /** What was gathered since the last time, as the `data` of a `ReasoningPart`; undefined when that is nothing. */
  take(): Json | undefined {
    const data = this.#text
      ? { reasoning_content: this.#text }
      : this.#details.length > 0
        ? { reasoning_details: this.#details }
        : undefined;
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

/** Reads what {@link ThoughtKeeper} and the reader of tool calls had `provider` give. */
export function replayOf({ content }: AssistantMessage, provider: string, field: ReplayField | null): Replay {
  const given = content.flatMap((part) => (part.type === 'reasoning' && part.provider === provider ? [part.data] : []));
  const hasCalls = content.some((part) => part.type === 'tool-call');
  const extras = Object.assign({}, ...given.map((data) => object(data['call_extras']) ?? {})) as Json;
  return {
    fields: hasCalls ? fieldsOf(given, field) : {},
    ofCall: (callId) => (Object.hasOwn(extras, callId) ? { extra_content: extras[callId] } : {}),
  };
}

/** DeepSeek wants the field even where the thought is not known any more: in earlier turns, or behind another model's calls. */
function fieldsOf(given: readonly Json[], field: ReplayField | null): Json {
  if (field === 'reasoning_content') return { [field]: given.map((data) => text(data[field])).join('') };
  if (field === null) return {};
  const details = given.flatMap((data) => list(data[field]));
  return details.length > 0 ? { [field]: details } : {};
}
