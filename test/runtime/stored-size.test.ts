import { expect, it } from 'vitest';
import { newId, type ThreadItem, toPayload } from '#chatkit';
import { PrismaThreadStore, STORED_CHARS, StoredTooLargeError } from '#runtime';
import { anAnswer, auth, claimedTurn, lifecycleOf, useWorld } from './support/world.js';

const world = useWorld();

/** An item whose JSON has so many characters. */
function ofSize(make: (text: string) => ThreadItem, size: number): ThreadItem {
  const empty = JSON.stringify(toPayload(make(''))).length;
  return make('x'.repeat(size - empty));
}

it.each(['widget', 'item'] as const)(
  'a stored %s has a largest size, whoever stores it',
  async (kind) => {
    const { lifecycle } = lifecycleOf(world);
    const claim = await claimedTurn(lifecycle);
    const store = new PrismaThreadStore(world.db);
    const make = (text: string): ThreadItem =>
      kind === 'item'
        ? anAnswer(claim.threadId, text)
        : {
            type: 'widget',
            id: newId('message'),
            thread_id: claim.threadId,
            created_at: new Date().toISOString(),
            widget: { type: 'Card', children: [{ type: 'Text', value: text }] },
          };
    const [largest, tooLarge] = [ofSize(make, STORED_CHARS[kind]), ofSize(make, STORED_CHARS[kind] + 1)];
    expect(await lifecycle.storeItem(claim, largest)).toMatchObject({ id: largest.id });
    await store.saveItem(auth(), largest);
    for (const refused of [
      async () => lifecycle.storeItem(claim, tooLarge),
      async () => store.saveItem(auth(), tooLarge),
      async () => store.addItem(auth(), tooLarge),
    ]) {
      await expect(refused()).rejects.toThrow(StoredTooLargeError);
    }
    await expect(store.loadItem(auth(), claim.threadId, tooLarge.id)).rejects.toThrow('There is no item');
  },
  60_000,
);

it('so has what an assistant notes of a thread and of an attachment', async () => {
  const { lifecycle } = lifecycleOf(world);
  const { threadId } = await claimedTurn(lifecycle);
  const store = new PrismaThreadStore(world.db);
  const attachment = { type: 'file', id: newId('attachment'), name: 'a', mime_type: 'text/plain' } as const;
  const noted = (metadata: { readonly note: string }) => [
    () => store.updateThread(auth(), threadId, { metadata }),
    () => store.saveAttachment(auth(), { attachment, metadata }),
  ];
  const note = 'x'.repeat(STORED_CHARS.metadata - '{"note":""}'.length);
  for (const write of noted({ note })) await write();
  for (const write of noted({ note: `${note}x` })) await expect(write).rejects.toThrow(StoredTooLargeError);
});
