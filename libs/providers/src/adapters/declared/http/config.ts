import * as z from 'zod';
import { declaredFields } from '../request-config.js';
import { responseFields } from '../response-config.js';
import { checkTemplates } from '../check-templates.js';

const Template = z.json();

const Request = z.strictObject({
  method: z.enum(['POST', 'GET', 'PUT', 'PATCH']).default('POST'),
  /** Behind the base URL. A template; what it inserts is encoded. */
  path: z.string().default(''),
  /** Templates; a list is sent as several of one name. */
  query: z.record(z.string(), Template).optional(),
  /** Templates, beside the `headers` of the entry. */
  headers: z.record(z.string(), z.string()).optional(),
  /** A template; sent as JSON. */
  body: Template.optional(),
});

const Response = z
  .strictObject({
    /**
     * One JSON body; server-sent events; JSON on each line; JSON with a `delimiter` between; or a body that is nothing but
     * the text of the answer.
     */
    stream: z.enum(['none', 'sse', 'ndjson', 'delimiter', 'text']).default('none'),
    delimiter: z.string().min(1).optional(),
    /** Between delimiters, or in an event: JSON, or plain text of the answer. By default, what the first of them look like. */
    frames: z.enum(['json', 'text']).optional(),
    ...responseFields,
    /** Not for `stream: text`. */
    text: responseFields.text.optional(),
  })
  .superRefine(({ stream, delimiter, frames, text }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (stream === 'delimiter' && delimiter === undefined) issue('delimiter', 'is needed, since stream is delimiter');
    if (stream !== 'delimiter' && delimiter !== undefined) issue('delimiter', 'needs stream to be delimiter');
    if (frames && stream !== 'delimiter' && stream !== 'sse') issue('frames', 'needs stream to be delimiter or sse');
    if (stream !== 'text' && frames !== 'text' && !text)
      issue('text', 'is needed: where the words of the answer stand');
  });

/** Any API over HTTP, by declaration. */
export const HttpConfig = z
  .strictObject({ kind: z.literal('http'), ...declaredFields, request: Request, response: Response })
  .superRefine(({ request, vars }, context) => {
    const { path, query, headers, body } = request;
    checkTemplates(context, 'request', { path, query, headers, body }, vars);
  });
export type HttpConfig = z.output<typeof HttpConfig>;
