import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { newId } from '#chatkit';
import { PrismaThreadStore } from '#runtime';
import { UploadRecords } from '#runtime/api';
import { auth, useWorld } from './support/world.js';

const world = useWorld();

const silence = (): Promise<void> => Promise.reject(new Error('silent'));

/** A record that expects its bytes. */
async function announced() {
  const attachment = { type: 'file', id: newId('attachment'), name: 'a', mime_type: 'text/plain' } as const;
  const upload_descriptor = { url: 'http://host/', method: 'PUT' as const, headers: {} };
  const record = { attachment: { ...attachment, upload_descriptor }, size: 1, metadata: {} };
  await new PrismaThreadStore(world.db).saveAttachment(auth(), record);
  return attachment;
}

it('a store that says nothing takes three connections, however many uploads it has, and everybody else has the others', async () => {
  const records = new UploadRecords(world.db);
  const attachments = await Promise.all(Array.from({ length: 20 }, announced));
  let silent = 0;
  const store = new EventEmitter();
  const answered = once(store, 'answer');
  const keep = async (): Promise<void> => {
    silent += 1;
    await answered;
  };
  const stored = attachments.map((attachment) => records.complete(auth(), attachment, keep));
  await expect.poll(() => silent).toBe(3);
  const answers = await Promise.all(Array.from({ length: 50 }, () => world.db.system.query({ text: 'SELECT 1' })));
  expect([answers.length, silent, world.db.pool.waitingCount]).toEqual([50, 3, 0]);
  store.emit('answer');
  expect(await Promise.all(stored)).toEqual(Array(20).fill(true));
});

it('what the store does not take in time leaves a record that still expects its bytes', async () => {
  const records = new UploadRecords(world.db);
  const attachment = await announced();
  await expect(records.complete(auth(), attachment, silence)).rejects.toThrow('silent');
  expect(await records.complete(auth(), attachment, () => Promise.resolve())).toBe(true);
  expect(await records.complete(auth(), attachment, () => Promise.resolve())).toBe(false);
});
