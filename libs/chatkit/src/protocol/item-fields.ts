import { z } from 'zod';
import { Timestamp } from './json.js';

/** What every item has besides its `type` [IT-1]. In storage these are columns, not payload. */
export const itemFields = { id: z.string(), thread_id: z.string(), created_at: Timestamp };
