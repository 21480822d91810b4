import { expect, it } from 'vitest';
import { assistantsReference, PAGE } from './assistants-reference.js';

it('docs/assistants-reference.md is what the types say; with -u it is written anew', async () => {
  await expect(await assistantsReference()).toMatchFileSnapshot(PAGE);
});
