import { z } from 'zod';

/** What happens to a message that is sent while its thread is being answered. */
export const DoubleTexting = z.enum(['enqueue', 'reject', 'interrupt', 'rollback']);
export type DoubleTexting = z.output<typeof DoubleTexting>;
