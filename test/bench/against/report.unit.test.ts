import { expect, it } from 'vitest';
import { splitFindings } from './findings.js';
import { SIDES, timedShapes } from './plan.js';
import { SCENARIOS } from '../plan.js';
import { reportLines } from './report.js';
import type { Sample } from './samples.js';

/** Both passes make their shapes anew. */
const shapes = () => timedShapes(SCENARIOS.filter(({ name }) => name === 'firehose'));

const samplesOf = (group: string): Sample[] =>
  SIDES.flatMap((side) =>
    (['short', 'long'] as const).map((length) => ({
      side,
      shape: 'firehose',
      length,
      round: 0,
      turns: 10,
      cost: { [group]: { api: 1 } },
      foreignCores: 0,
      bad: 0,
      faults: [],
    })),
  );

it('has one table for a load, with its times and its counts', () => {
  const times = splitFindings(samplesOf('CPU µs'), shapes());
  const counts = splitFindings(samplesOf('socket writes'), shapes());
  const lines = reportLines({ boots: [], rest: [], times, counts }, []);
  expect(lines.filter((line) => line.startsWith('| firehose'))).toHaveLength(1);
  expect(lines.filter((line) => /^\| (CPU µs|socket writes)/.test(line))).toHaveLength(2);
});
