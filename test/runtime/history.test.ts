import { describe, expect, it } from 'vitest';
import type { ThreadItem } from '#chatkit';
import { type Claim, loadHistory } from '#runtime/worker';
import { anAnswer, aTurn, auth, claimedTurn, lifecycleOf, useWorld } from './support/world.js';

const world = useWorld();

const textOf = (item: ThreadItem): string => /one|two|three|four|five|six/.exec(JSON.stringify(item))?.[0] ?? item.type;
const texts = async (claim: Claim, limit: number) => (await loadHistory(world.db.pool, claim, limit)).map(textOf);

/** A finished turn of three items, and one that is being answered with three of its own so far. */
async function aThread() {
  const { lifecycle } = lifecycleOf(world);
  const first = await claimedTurn(lifecycle, { text: 'one' });
  const { threadId } = first;
  await lifecycle.settle(first, { state: 'completed' }, [anAnswer(threadId, 'two'), anAnswer(threadId, 'three')]);
  const second = await claimedTurn(lifecycle, { threadId, text: 'four' });
  for (const text of ['five', 'six']) await lifecycle.storeItem(second, anAnswer(threadId, text));
  return { lifecycle, second };
}

describe('the history of a turn', () => {
  it('is the newest items, oldest first', async () => {
    const { second } = await aThread();
    expect(await texts(second, 6)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
    expect(await texts(second, 100)).toHaveLength(6);
  });

  it('leaves out a turn that the window cuts', async () => {
    const { second } = await aThread();
    expect(await texts(second, 5)).toEqual(['four', 'five', 'six']);
    expect(await texts(second, 3)).toEqual(['four', 'five', 'six']);
  });

  it('has all of the turn that is being answered, even when that is more than the window', async () => {
    const { second } = await aThread();
    expect(await texts(second, 2)).toEqual(['four', 'five', 'six']);
    expect(await texts(second, 1)).toEqual(['four', 'five', 'six']);
  });

  it('does not see what the user has written since', async () => {
    const { lifecycle, second } = await aThread();
    await lifecycle.admit(auth(), aTurn({ threadId: second.threadId, text: 'seven' }));
    expect(await texts(second, 2)).toEqual(['four', 'five', 'six']);
  });

  it('is what there is in a thread where the user has written nothing', async () => {
    const { second } = await aThread();
    await world.db.pool.query(`DELETE FROM items WHERE thread_id = $1 AND type = 'user_message'`, [second.threadId]);
    expect(await texts(second, 3)).toEqual(['three', 'five', 'six']);
  });
});
