import type { ModelCall } from '../spec/language-model.js';

/** A call that says one thing. */
export function say(text: string): ModelCall {
  return { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] };
}

/** A signal that is never aborted. */
export function noAbort(): AbortSignal {
  return new AbortController().signal;
}

/** All of a stream. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}
