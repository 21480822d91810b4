import { expect, it } from 'vitest';
import { newId } from '#chatkit';
import { type AttachmentFiles, DeletedFiles, PrismaThreadStore } from '#runtime';
import { auth, recordingLogger, useWorld } from './support/world.js';

const world = useWorld();

const deletedFilesIn = (files: Pick<AttachmentFiles, 'delete'>): DeletedFiles =>
  new DeletedFiles(world.db, files as AttachmentFiles, recordingLogger([]));

async function deletedAttachment(): Promise<string> {
  const id = newId('attachment');
  const store = new PrismaThreadStore(world.db);
  await store.saveAttachment(auth(), { attachment: { type: 'file', id, name: 'a', mime_type: 'b' }, metadata: {} });
  await store.deleteAttachment(auth(), id);
  return id;
}

it('what cannot be deleted is tried again later, and holds up no other file', async () => {
  const [stuck, other] = [await deletedAttachment(), await deletedAttachment()];
  const asked: string[] = [];
  let isAway = true;
  const deletedFiles = deletedFilesIn({
    delete: async (id) => {
      asked.push(id);
      if (id === stuck && isAway) throw new Error('away');
    },
  });
  expect(await deletedFiles.remove()).toBe(1);
  expect(asked.toSorted()).toEqual([stuck, other].toSorted());
  expect(await deletedFiles.remove()).toBe(0);
  await expect(deletedFiles.removeAll()).rejects.toThrow('away');
  isAway = false;
  await world.db.pool.query(`UPDATE deleted_files SET retry_at = now()`);
  expect(await deletedFiles.remove()).toBe(1);
  expect(asked.slice(2)).toEqual([stuck, stuck]);
});

it('who has deleted something does not wait for a store that gives no answer', async () => {
  const id = await deletedAttachment();
  const asked: string[] = [];
  const never = deletedFilesIn({
    delete: (one) => {
      asked.push(one);
      return new Promise<void>(() => undefined);
    },
  });
  await never.removeSoon();
  expect(asked).toEqual([id]);
  const { rowCount } = await world.db.pool.query('SELECT 1 FROM deleted_files WHERE id = $1', [id]);
  expect(rowCount).toBe(1);
});
