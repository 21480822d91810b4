import type { ResponseFields } from './response-config.js';
import { readFirst } from './response-path.js';

/** A call of a tool, its arguments as JSON. */
interface DeclaredCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: string;
}

/** The calls in an answer; none where none are declared. An element without a name is none. */
export function toolCallsIn(json: unknown, spec: ResponseFields['toolCalls']): DeclaredCall[] {
  if (!spec) return [];
  const found = readFirst(json, spec.list);
  const calls = Array.isArray(found) ? found : found === undefined ? [] : [found];
  return calls.flatMap((call) => {
    const name = readFirst(call, spec.name);
    const id = readFirst(call, spec.id ?? []);
    const given = readFirst(call, spec.arguments) ?? {};
    if (typeof name !== 'string' || !name) return [];
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    return [{ id: id === undefined ? undefined : String(id), name, arguments: text }];
  });
}
