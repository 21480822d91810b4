import { z } from 'zod';
import { boundedText } from './bounded.js';

/**
 * What a click in a widget sends [RQ-18]; `payload` is what the widget defines, null when it defines none, and not to
 * be trusted.
 */
export const Action = z.object({ type: z.string(), payload: z.unknown().default(null) });
export type Action = z.output<typeof Action>;

/** The same, as a request brings it. */
export const ActionRequest = z.object({ ...Action.shape, type: boundedText('action.type') });

/** What a widget defines for a click: docs/protocol/data-model.md, "Actions in widgets". */
export const ActionConfig = z.looseObject({
  type: z.string(),
  payload: z.unknown().optional(),
  handler: z.enum(['server', 'client']).optional(),
  loadingBehavior: z.enum(['auto', 'none', 'self', 'container']).optional(),
  streaming: z.boolean().optional(),
});
export type ActionConfig = z.output<typeof ActionConfig>;
