import { z } from 'zod';
import { Id } from './id.js';
import { UserInput } from './user-input.js';

/** A user message in another wording, and what it replaces. Not of the protocol, which has no edit. */
export const EditRequest = z.object({ item_id: Id, input: UserInput });
export type EditRequest = z.output<typeof EditRequest>;
