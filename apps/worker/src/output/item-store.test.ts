import { expect, it } from 'vitest';
import { anAssistantMessage } from '#chatkit/testing';
import { StoredTooLargeError } from '#runtime';
import type { ActiveRun } from '../attempt/active-runs.js';
import { runItemStore } from './item-store.js';

it('an item that the store does not take ends the turn, with the bound', async () => {
  const execution = {
    storeItem: () => Promise.reject(new StoredTooLargeError('the JSON of one widget has 7 characters, and may have 6')),
    removeItems: async () => true,
  };
  const run = { signal: new AbortController().signal } as ActiveRun;
  const store = runItemStore(execution, run, { isChosen: () => false });
  await expect(store.store(anAssistantMessage({ id: 'a' }))).rejects.toMatchObject({
    errorCode: 'run.turn_too_large',
    message: expect.stringContaining('may have 6') as string,
  });
});
