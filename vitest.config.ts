import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['development'] },
  ssr: { resolve: { conditions: ['development'] } },
  test: {
    include: ['{libs,apps,test,tools}/**/*.test.ts', 'examples/**/*.test.js'],
    pool: 'forks',
    // Most of the time of most files is waiting, so that two fit on two cores as well.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Titles name recordings, and are counted by name.
    chaiConfig: { truncateThreshold: 200 },
  },
});
