import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['development'] },
  ssr: { resolve: { conditions: ['development'] } },
  test: {
    include: ['{libs,apps,test,tools}/**/*.test.ts', 'examples/**/*.test.js'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Titles name recordings, and are counted by name.
    chaiConfig: { truncateThreshold: 200 },
  },
});
