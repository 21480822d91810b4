import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Places whose files take a minute or more, the longest first. */
const LONG = [
  'test/launcher/start-and-stop',
  'test/chaos/',
  'test/browser/',
  'test/deploy/',
  'test/launcher/',
  'test/protocol/',
  'test/conformance/',
  'test/api/double-texting',
  'test/e2e/',
  'test/api/',
];

/**
 * Starts first what takes longest, so that no long file is left for the end, where one core would wait for the other.
 * Unit tests come last: they fill what is left. Vitest alone goes by the sizes of files until it has measured them.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a method of vitest's, which copies
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => this.#rank(one) - this.#rank(other));
  }

  #rank({ project, moduleId }: TestSpecification): number {
    if (project.name === 'unit') return LONG.length + 1;
    const path = relative(project.vitest.config.root, moduleId);
    const rank = LONG.findIndex((place) => path.startsWith(place));
    return rank === -1 ? LONG.length : rank;
  }
}
