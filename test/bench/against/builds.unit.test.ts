import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findBuilds } from './builds.js';

it('says that a checkout is not built', () => {
  const folder = join(tmpdir(), 'no-such-checkout');
  expect(() => findBuilds(folder, folder)).toThrow(/api.*is missing.*npm run build/);
});
