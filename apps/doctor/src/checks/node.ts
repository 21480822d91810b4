import type { Check } from '../check.js';
import { fail, ok } from '../finding.js';
import { isAtLeast } from '../is-at-least.js';

/** As `engines` of package.json says. */
const OLDEST = [20, 19] as const;

export const node: Check<unknown> = {
  name: 'node',
  async run() {
    const { node: version } = process.versions;
    if (isAtLeast(version, OLDEST)) return [ok(`Node ${version}`)];
    return [fail(`Node ${version} is too old.`, `Install Node ${OLDEST.join('.')} or newer.`)];
  },
};
