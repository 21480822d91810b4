import { describe, expect, it } from 'vitest';
import { type Attachment, newId } from '#chatkit';
import { aThread, aUserMessage } from '#chatkit/testing';
import type { ThreadStore } from '#runtime';
import { auth } from './world.js';

const ada = auth('ada');
const strangers = [
  ['another user of the tenant', auth('bob')],
  ['the same name in another tenant', auth('ada', 'globex')],
] as const;

const file = (id: string, fields: Partial<Attachment> = {}): Attachment =>
  ({ type: 'file', id, name: 'plan.pdf', mime_type: 'application/pdf', ...fields }) as Attachment;

/** Attachments, and isolation: other users see and change nothing. */
export function isolationContract(storeOf: () => ThreadStore): void {
  const aThreadWithOneItem = async () => {
    const store = storeOf();
    const thread = aThread({ id: newId('thread'), title: 'private' });
    const item = aUserMessage({ id: newId('message'), thread_id: thread.id });
    await store.saveThread(ada, thread);
    await store.addItem(ada, item);
    return { store, thread, item };
  };

  describe('attachments', () => {
    it('are loaded as they were saved, with the fields that only the server sees', async () => {
      const store = storeOf();
      const stored = {
        attachment: file(newId('attachment'), {
          upload_descriptor: { url: 'https://files.example/1', method: 'PUT', headers: { 'x-a': 'b' } },
        }),
        size: 5_000_000_000,
        metadata: { secret: null, path: ['a', 1] },
      };
      await store.saveAttachment(ada, stored);
      expect(await store.loadAttachment(ada, stored.attachment.id)).toEqual(stored);
      const image: Attachment = {
        type: 'image',
        id: newId('attachment'),
        name: 'ö.png',
        mime_type: 'image/png',
        preview_url: 'https://files.example/p',
      };
      await store.saveAttachment(ada, { attachment: image, metadata: {} });
      expect(await store.loadAttachment(ada, image.id)).toEqual({ attachment: image, metadata: {} });
    });

    it('are overwritten by a second save, also by eight at once, and gone after a delete', async () => {
      const { store, thread } = await aThreadWithOneItem();
      const id = newId('attachment');
      const names = Array.from({ length: 8 }, (_, n) => `${n}.pdf`);
      await Promise.all(
        names.map((name) => store.saveAttachment(ada, { attachment: file(id, { name }), metadata: {} })),
      );
      const linked = { attachment: file(id, { thread_id: thread.id }), metadata: { a: 1 } };
      await store.saveAttachment(ada, linked);
      expect(await store.loadAttachment(ada, id)).toEqual(linked);
      await store.deleteAttachment(ada, id);
      await expect(store.loadAttachment(ada, id)).rejects.toMatchObject({ code: 'attachment.not_found' });
      await expect(store.deleteAttachment(ada, id)).rejects.toMatchObject({ code: 'attachment.not_found' });
    });

    it('outlive their thread, unlinked', async () => {
      const { store, thread } = await aThreadWithOneItem();
      const attachment = file(newId('attachment'), { thread_id: thread.id });
      await store.saveAttachment(ada, { attachment, metadata: {} });
      await store.deleteThread(ada, thread.id);
      expect((await store.loadAttachment(ada, attachment.id)).attachment.thread_id).toBeUndefined();
    });
  });

  describe.each(strangers)('for %s', (_who, stranger) => {
    it('nothing of a thread exists', async () => {
      const { store, thread, item } = await aThreadWithOneItem();
      const page = { limit: 5, order: 'asc' } as const;
      const noThread = { code: 'thread.not_found' };
      await expect(store.loadThread(stranger, thread.id)).rejects.toMatchObject(noThread);
      await expect(store.loadItems(stranger, thread.id, page)).rejects.toMatchObject(noThread);
      await expect(store.loadItems(stranger, thread.id, { ...page, after: item.id })).rejects.toMatchObject(noThread);
      await expect(store.loadItem(stranger, thread.id, item.id)).rejects.toMatchObject({ code: 'item.not_found' });
      await expect(store.loadThreads(stranger, { ...page, after: thread.id })).rejects.toMatchObject({
        code: 'cursor.not_found',
      });
      const { data } = await store.loadThreads(stranger, { limit: 9999, order: 'asc' });
      expect(data.map(({ id }) => id)).not.toContain(thread.id);
    });

    it('a guessed id changes and deletes nothing', async () => {
      const { store, thread, item } = await aThreadWithOneItem();
      const noThread = { code: 'thread.not_found' };
      const forged = { ...item, content: [{ type: 'input_text' as const, text: 'forged' }] };
      await expect(store.saveThread(stranger, { ...thread, title: 'forged' })).rejects.toMatchObject(noThread);
      await expect(store.updateThread(stranger, thread.id, { title: 'forged' })).rejects.toMatchObject(noThread);
      await expect(store.addItem(stranger, { ...forged, id: newId('message') })).rejects.toMatchObject(noThread);
      await expect(store.saveItem(stranger, forged)).rejects.toMatchObject(noThread);
      await expect(store.deleteThread(stranger, thread.id)).rejects.toMatchObject(noThread);
      await store.deleteItem(stranger, thread.id, item.id);
      expect(await store.loadThread(ada, thread.id)).toEqual(thread);
      const { data } = await store.loadItems(ada, thread.id, { limit: 9, order: 'asc' });
      expect(data).toEqual([item]);
    });

    it('an attachment is not found, not overwritten and not deleted', async () => {
      const store = storeOf();
      const stored = { attachment: file(newId('attachment')), metadata: { mine: true } };
      await store.saveAttachment(ada, stored);
      const { id } = stored.attachment;
      const notFound = { code: 'attachment.not_found' };
      await expect(store.loadAttachment(stranger, id)).rejects.toMatchObject(notFound);
      await expect(
        store.saveAttachment(stranger, { attachment: file(id, { name: 'forged' }), metadata: {} }),
      ).rejects.toMatchObject(notFound);
      await expect(store.deleteAttachment(stranger, id)).rejects.toMatchObject(notFound);
      expect(await store.loadAttachment(ada, id)).toEqual(stored);
    });
  });
}
