import { object } from '../http/json.js';
import type { ToolCallPart } from '../spec/prompt.js';
import type { Answer, Entry } from './entries.js';

/**
 * The same with calls that every server can parse: arguments that are a JSON object, and a name of letters, digits, `_` and
 * `-`. A name that is among the offered tools stays as it is.
 */
export function wellFormedCalls(entries: readonly Entry[], offered: ReadonlySet<string>): Entry[] {
  return entries.map((entry) => (entry.role === 'assistant' ? ofAnswer(entry, offered) : entry));
}

function ofAnswer({ role, content, results }: Answer, offered: ReadonlySet<string>): Answer {
  return {
    role,
    content: content.map((part) => (part.type === 'tool-call' ? wellFormed(part, offered) : part)),
    results: results.map((result) => ({ ...result, name: nameOf(result.name, offered) })),
  };
}

const wellFormed = (call: ToolCallPart, offered: ReadonlySet<string>): ToolCallPart => ({
  ...call,
  name: nameOf(call.name, offered),
  arguments: objectText(call.arguments),
});

/** https://platform.openai.com/docs/api-reference/chat/create: at most 64 characters. */
const nameOf = (name: string, offered: ReadonlySet<string>): string =>
  offered.has(name) ? name : name.replaceAll(/[^\w-]/g, '_').slice(0, 64) || 'tool';

/**
 * No arguments, and null, are an empty object. What is no object was cut off or badly written: it is wrapped, as Anthropic
 * advises, so that the model sees what it wrote.
 */
function objectText(raw: string): string {
  if (raw.trim() === '') return '{}';
  try {
    const value: unknown = JSON.parse(raw);
    if (value === null) return '{}';
    if (object(value)) return raw;
  } catch {
    // Wrapped below.
  }
  return JSON.stringify({ INVALID_JSON: raw });
}
