import { Worker } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { EndedJobs } from '#runtime';
import { RUN_QUEUE } from '../../libs/runtime/src/jobs/run-queue.js';
import { queueOptions } from '../../libs/runtime/src/nest/queue-connection.js';
import { engineKinds } from '../support/engines.js';
import { useWorld } from './support/world.js';

const world = useWorld();

describe.each(engineKinds)('ended jobs of the %s queue', (kind) => {
  it('are removed by their age, whether they were completed or failed, and although no other job ends', async () => {
    const [runs, calls] = await Promise.all([world.openQueue(kind), world.openCallQueue(kind)]);
    const ended = new EndedJobs(runs, calls);
    const options = await queueOptions(world.stores(kind), world.db.system);
    const worker = new Worker(
      RUN_QUEUE,
      async ({ data }) => {
        if (data.runId === 'run_bad') throw new Error('no');
      },
      options,
    );
    try {
      for (const runId of ['run_good', 'run_bad']) await runs.add({ runId, fence: 0, dispatch: 1 });
      const counts = () => runs.queue.getJobCounts('completed', 'failed', 'waiting', 'active');
      await expect.poll(counts, { timeout: 15_000 }).toEqual({ completed: 1, failed: 1, waiting: 0, active: 0 });
      expect(await ended.removeOld()).toBe(0);
      expect(await counts()).toMatchObject({ completed: 1, failed: 1 });
      expect(await ended.removeOld(0)).toBe(2);
      expect(await counts()).toMatchObject({ completed: 0, failed: 0 });
    } finally {
      await worker.close();
    }
  });
});
