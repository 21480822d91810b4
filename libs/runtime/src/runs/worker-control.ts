import { z } from 'zod';

const WorkerControl = z.discriminatedUnion('type', [
  /** The stop of a run was requested; its row has the flag too. */
  z.object({ type: z.literal('stop'), runId: z.string() }),
  /** An administrator has taken a run from the worker; `fence`: its next one, so that an attempt that has begun since goes on. */
  z.object({ type: z.literal('release'), runId: z.string(), fence: z.int() }),
  /** An API instance has joined a run's readers. */
  z.object({ type: z.literal('reader'), runId: z.string() }),
]);

/** Messages on a worker's control channel: they speed up what the next beat would find anyway. */
export type WorkerControl = z.output<typeof WorkerControl>;

export const encodeControl = (control: WorkerControl): string => JSON.stringify(control);

/** Returns undefined for a message of a newer version that this one does not know. */
export function decodeControl(message: Buffer): WorkerControl | undefined {
  const parsed = WorkerControl.safeParse(JSON.parse(message.toString('utf8')));
  return parsed.success ? parsed.data : undefined;
}
