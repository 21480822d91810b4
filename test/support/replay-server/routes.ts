import type { Format } from '../recordings/expected.js';

/** What a path asks for: a format where it is one that answers come from, and the wire where the path names one. */
export interface Route {
  readonly wire: string | undefined;
  readonly format: Format | undefined;
  /** Without the wire in front. */
  readonly path: string;
}

const FORMATS: readonly (readonly [RegExp, Format])[] = [
  [/\/chat\/completions$/, 'openai-chat'],
  [/\/responses$/, 'openai-responses'],
  [/\/v1\/messages$/, 'anthropic-messages'],
  [/\/v2\/chat$/, 'cohere-v2-chat'],
  [/\/api\/chat$/, 'ollama-chat'],
  [/(\/generate(_stream)?$|^\/models\/.+$|^\/$)/, 'hf-tgi'],
];

/** A base URL may end in `/<wire>`, which says whose rules and words are played. */
export function routeOf(pathname: string, wires: ReadonlySet<string>): Route {
  const decoded = decodeURIComponent(pathname);
  const [, first = '', rest] = /^\/([a-z0-9-]+)(\/.*|$)/.exec(decoded) ?? [];
  const wire = wires.has(first) ? first : undefined;
  const path = wire === undefined ? decoded : rest || '/';
  return { wire, path, format: FORMATS.find(([pattern]) => pattern.test(path))?.[1] };
}
