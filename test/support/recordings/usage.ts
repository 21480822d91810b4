import type { Usage } from '../../../libs/providers/src/spec/usage.js';
import type { Format } from './expected.js';
import type { Recording } from './recording.js';

/** Formats whose expectations say nothing of reasoning tokens, unless they do. */
const SILENT: ReadonlySet<Format> = new Set(['anthropic-messages', 'cohere-v2-chat']);

/** The usage of an answer, as far as its recording tells of it. */
export function countedUsage(usage: Usage | undefined, { expected, format }: Recording): Usage | null {
  if (!usage) return null;
  const isTold = !SILENT.has(format) || expected.usage?.['reasoning_tokens'] !== undefined;
  const { reasoningTokens: _, ...counted } = usage;
  return isTold ? usage : counted;
}

/** Anthropic counts what was cached apart from its input, and what Cohere bills is no part of the usage. */
export function expectedUsage(tokens: Readonly<Record<string, number>> | null, format: Format): Usage | null {
  if (!tokens) return null;
  const { cache_creation_input_tokens: written, ...rest } = tokens;
  const counted = Object.entries(rest).filter(([name]) => !name.startsWith('billed_'));
  const usage = Object.fromEntries(counted.map(([name, value]) => [camel(name), value]));
  if (format !== 'anthropic-messages') return usage;
  const inputTokens = (tokens['input_tokens'] ?? 0) + (tokens['cached_input_tokens'] ?? 0) + (written ?? 0);
  return { ...usage, inputTokens, ...(written !== undefined && { cacheWriteInputTokens: written }) };
}

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
