import { type Json, object } from '../http/json.js';

/**
 * A request's body with the fields that the configuration adds to every request. What the body says takes precedence, field by
 * field within an object (Ollama's `options`, `parameters` of text-generation-inference).
 */
export function withConfigured<Body>(body: Body, configured: Json | undefined): Body {
  const own = object(body);
  return configured && own ? (merged(own, configured) as Body) : body;
}

function merged(own: Json, configured: Json): Json {
  const result: Record<string, unknown> = { ...configured };
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined) continue;
    const [inner, beneath] = [object(value), object(configured[name])];
    result[name] = inner && beneath ? { ...beneath, ...inner } : value;
  }
  return result;
}
