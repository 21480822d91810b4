import { afterEach, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { type AttachmentFiles, DeletedFiles, type EndedJobs, type Logger, Metrics, PrismaThreadStore } from '#runtime';
import type { Retention, RunExecution } from '#runtime/worker';
import { Sweeper } from '../../apps/worker/src/background/sweeper.js';
import { RunMetrics } from '../../apps/worker/src/metrics/run-metrics.js';
import { auth, lifecycleOf, useWorld } from './support/world.js';

const world = useWorld();
let sweeper: Sweeper | undefined;
afterEach(() => sweeper?.stop());

it('recovers runs while the store of files gives no answer, and while nothing can be deleted by age', async () => {
  const id = newId('attachment');
  const store = new PrismaThreadStore(world.db);
  await store.saveAttachment(auth(), { attachment: { type: 'file', id, name: 'a', mime_type: 'b' }, metadata: {} });
  await store.deleteAttachment(auth(), id);
  const { lifecycle } = lifecycleOf(world);
  const seen = { jobs: 0, sweeps: 0, walks: 0, deletions: 0, failures: [] as unknown[] };
  const execution = {
    ping: () => lifecycle.ping(),
    sweep: () => lifecycle.sweep().finally(() => seen.sweeps++),
  } as Partial<RunExecution> as RunExecution;
  let answer: ((error: Error) => void) | undefined;
  const files = {
    delete: () => {
      seen.deletions++;
      return new Promise<void>((_, reject) => (answer = reject));
    },
  } as Partial<AttachmentFiles> as AttachmentFiles;
  const retention = {
    next: () => {
      seen.walks++;
      return Promise.reject(new Error('too long'));
    },
  } as Partial<Retention> as Retention;
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: unknown) => void seen.failures.push(fields),
  } as Partial<Logger> as Logger;
  const engine = await world.openEngine('postgres');
  const deletedFiles = new DeletedFiles(world.db, files, logger);
  const metrics = new RunMetrics(new Metrics());
  const jobs = { removeOld: async () => ++seen.jobs } as Partial<EndedJobs> as EndedJobs;
  sweeper = new Sweeper(execution, engine, world.db, deletedFiles, retention, metrics, jobs, logger);
  sweeper.start();
  const wait = { timeout: 30_000, interval: 100 };
  await expect.poll(() => seen.deletions, wait).toBe(1);
  const during = seen.sweeps;
  await expect.poll(() => seen.sweeps, wait).toBeGreaterThan(during + 1);
  expect(seen).toMatchObject({ deletions: 1, walks: 0 });
  answer?.(new Error('away'));
  await expect.poll(() => seen.walks, wait).toBe(1);
  expect(seen.jobs).toBe(1);
  const after = seen.sweeps;
  await expect.poll(() => seen.sweeps, wait).toBeGreaterThan(after + 1);
  expect(seen.failures).toEqual([]);
}, 60_000);
