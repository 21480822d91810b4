import { expect, it } from 'vitest';
import { pageTools } from './page-tools.js';

it('are client tools by the names under which they are found', () => {
  for (const [name, tool] of Object.entries(pageTools)) {
    expect(tool).toMatchObject({ kind: 'client', name, parameters: { type: 'object' } });
  }
});
