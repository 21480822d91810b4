import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './tools/testing/longest-first.js';

/** Below `test`, where everything else runs built processes and engines. */
const UNIT_TESTS_OF_TEST = 'test/**/*.unit.test.ts';

const CONTAINERS = {
  extends: true as const,
  test: { name: 'containers', include: ['test/containers/**/*.container.ts'] },
};
/** Tests of the images, for which tools/containers/run.sh starts an engine and builds them. */
// oxlint-disable-next-line node/no-process-env -- the runner says whether there is an engine
const containers = process.env['CONTAINERS'] === 'true' ? [CONTAINERS] : [];

export default defineConfig({
  resolve: { conditions: ['chatkit-source'] },
  ssr: { resolve: { conditions: ['chatkit-source'] } },
  test: {
    // Most of the time of most files is waiting, so that two fit on two cores as well.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Titles name recordings, and are counted by name.
    chaiConfig: { truncateThreshold: 200 },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs,tools}/**/*.test.ts', 'examples/**/*.test.js', UNIT_TESTS_OF_TEST],
          pool: 'threads',
          isolate: false,
          // Files share their modules and globals: what one of them replaced, the next must not find.
          unstubEnvs: true,
          unstubGlobals: true,
          restoreMocks: true,
          globalSetup: './tools/testing/unit-setup.mjs',
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, UNIT_TESTS_OF_TEST],
          // Processes, engines and browsers share a small machine. A test that passes only when it is run again is named
          // beside the totals, never passed over in silence.
          retry: 1,
          pool: 'forks',
          globalSetup: './tools/testing/engines-setup.mjs',
        },
      },
      ...containers,
    ],
  },
});
