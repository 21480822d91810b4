import { z } from 'zod';

const WorkerControl = z.discriminatedUnion('type', [
  /** Somebody asked for the end of a run; its row says so too. */
  z.object({ type: z.literal('stop'), runId: z.string() }),
  /** An API instance has joined a run's readers. */
  z.object({ type: z.literal('reader'), runId: z.string() }),
]);

/** What travels on a worker's control channel: it makes faster what the next beat would bring anyway. */
export type WorkerControl = z.output<typeof WorkerControl>;

export const encodeControl = (control: WorkerControl): string => JSON.stringify(control);

/** Undefined for what a newer version sends and this one does not know. */
export function decodeControl(message: Buffer): WorkerControl | undefined {
  const parsed = WorkerControl.safeParse(JSON.parse(message.toString('utf8')));
  return parsed.success ? parsed.data : undefined;
}
