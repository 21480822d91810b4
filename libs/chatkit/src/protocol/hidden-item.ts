import { z } from 'zod';
import { itemFields } from './item-fields.js';

/** Context that the integration adds for the model; never sent to a client [IT-12] [HD-1]. */
export const HiddenContextItem = z.object({
  type: z.literal('hidden_context_item'),
  ...itemFields,
  content: z.unknown().optional(),
});
export type HiddenContextItem = z.output<typeof HiddenContextItem>;

/** Context that the server itself adds, such as the stop marker [IT-12] [CX-3]. */
export const SdkHiddenContextItem = z.object({
  type: z.literal('sdk_hidden_context'),
  ...itemFields,
  content: z.string(),
});
export type SdkHiddenContextItem = z.output<typeof SdkHiddenContextItem>;
