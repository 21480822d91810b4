import { z } from 'zod';
import { itemFields } from './item-fields.js';
import { JsonObject } from './json.js';

/**
 * A call that the page answers [IT-5]. Nulls inside `arguments` and `output` are data [SER-2]; a null output is an
 * absent one [TC-5].
 */
export const ClientToolCallItem = z.object({
  type: z.literal('client_tool_call'),
  ...itemFields,
  status: z.enum(['pending', 'completed']).default('pending'),
  call_id: z.string(),
  name: z.string(),
  arguments: JsonObject,
  output: z
    .unknown()
    .transform((output) => output ?? undefined)
    .optional(),
});
export type ClientToolCallItem = z.output<typeof ClientToolCallItem>;
