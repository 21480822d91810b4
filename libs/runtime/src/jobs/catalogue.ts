import { z } from 'zod';

/**
 * Every job between the API and the workers: its queue and its payload. Payloads carry ids only, so a deploy
 * between enqueue and pick-up cannot meet a stale copy. One attempt: only the run lifecycle may repeat a model call.
 */
export const jobs = {
  'run-turn': { payload: z.strictObject({ runId: z.string().min(1), fence: z.int().min(0) }) },
  'assistant-call': { payload: z.strictObject({ callId: z.string().min(1) }) },
} as const;

export type JobName = keyof typeof jobs;
export type JobPayload<Name extends JobName> = z.output<(typeof jobs)[Name]['payload']>;

/** Parses a job's payload. Throws when it does not match its schema: such a job fails, it is never skipped. */
export function parseJob<Name extends JobName>(name: Name, data: unknown): JobPayload<Name> {
  return jobs[name].payload.parse(data) as JobPayload<Name>;
}
