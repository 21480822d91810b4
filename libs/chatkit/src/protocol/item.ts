import { z } from 'zod';
import { AssistantMessageItem } from './assistant-message.js';
import { HiddenContextItem, SdkHiddenContextItem } from './hidden-item.js';
import { itemFields } from './item-fields.js';
import { UserMessageItem } from './user-message.js';

/** A mark for the client's layout, ignored for the model [IT-13]. */
const EndOfTurnItem = z.object({ type: z.literal('end_of_turn'), ...itemFields });

/** An entry of a thread, told apart by `type`; fields that were null are absent [SER-1]. */
export const ThreadItem = z.discriminatedUnion('type', [
  UserMessageItem,
  AssistantMessageItem,
  HiddenContextItem,
  SdkHiddenContextItem,
  EndOfTurnItem,
]);
export type ThreadItem = z.output<typeof ThreadItem>;
