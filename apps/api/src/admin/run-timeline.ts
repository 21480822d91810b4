import { z } from 'zod';
import type { RunDetails } from '#runtime/api';

/** One thing that happened to a run. Times are ISO 8601 by Postgres' clock. */
export const TimelineEntry = z.object({
  at: z.string(),
  what: z.enum([
    'admitted',
    'queued',
    'claimed',
    'first_token',
    'model',
    'tool',
    'stop_requested',
    'lease_over',
    'settled',
  ]),
  /** How long it took, if it took time. */
  ms: z.number().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type TimelineEntry = z.output<typeof TimelineEntry>;

/** The story of a run, in the order in which it happened. What an attempt did that did not settle the run is not known. */
export function timelineOf(run: RunDetails): TimelineEntry[] {
  const { createdAt, firstTokenAt, stopRequestedAt, settledAt, dispatchedAt, claims, steps, startedAt } = run;
  const entries: TimelineEntry[] = [
    { at: createdAt.toISOString(), what: 'admitted', details: { trigger: run.trigger } },
  ];
  for (const { fence, worker, queued_at: queuedAt, at, ended } of claims) {
    if (queuedAt) entries.push({ at: timeOf(queuedAt), what: 'queued' });
    entries.push({ at: timeOf(at), what: 'claimed', details: { attempt: fence, worker, ...(ended && { ended }) } });
  }
  // Of the job that nobody has claimed yet; and of runs from before claims were noted.
  const last = claims.at(-1)?.queued_at;
  if (dispatchedAt && (!last || timeOf(last) !== dispatchedAt.toISOString())) {
    entries.push({ at: dispatchedAt.toISOString(), what: 'queued' });
  }
  if (claims.length === 0 && startedAt) {
    entries.push({
      at: startedAt.toISOString(),
      what: 'claimed',
      details: { attempt: run.attempt, worker: run.workerId },
    });
  }
  if (firstTokenAt) entries.push({ at: firstTokenAt.toISOString(), what: 'first_token' });
  if (stopRequestedAt) entries.push({ at: stopRequestedAt.toISOString(), what: 'stop_requested' });
  if (run.isLeaseOver)
    entries.push({ at: run.now.toISOString(), what: 'lease_over', details: { worker: run.workerId } });
  for (const { kind, at, ms, ...details } of steps.list) entries.push({ at, what: kind, ms, details });
  const inOrder = entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  // Last, whatever the milliseconds say.
  if (settledAt) inOrder.push({ at: settledAt.toISOString(), what: 'settled', details: { state: run.state } });
  return inOrder;
}

/** As Postgres writes it in JSON. */
const timeOf = (written: string): string => new Date(written).toISOString();
