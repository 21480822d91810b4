import { decodeHeic } from './heic.js';

/** What blocks its thread, by name. */
export const THREAD_TASKS = { heic: decodeHeic } as const;

export type ThreadTask = keyof typeof THREAD_TASKS;
export type ThreadResult<Name extends ThreadTask> = Awaited<ReturnType<(typeof THREAD_TASKS)[Name]>>;
