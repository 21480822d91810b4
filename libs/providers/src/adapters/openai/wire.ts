import * as z from 'zod';

// What every OpenAI endpoint answers with, as forgiving as the servers that copy it need. Frames of a stream have no schema: one
// costs more than reading them does (1.2 us against 0.2 us a token), so each `from-wire.ts` looks at each field as it takes it.

const Models = z.array(z.looseObject({ id: z.string() }));

/** `GET /models`. Together answers with the bare list; Ollama's list is null while it has no models. */
export const ModelList = z.union([Models, z.object({ data: Models.nullish() })]);
