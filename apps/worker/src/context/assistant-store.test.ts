import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { AttachmentFiles, ThreadStore } from '#runtime';
import type { LeftOfThread } from '#runtime/worker';
import { assistantStore } from './assistant-store.js';

const auth = { tenantId: 'acme', userId: 'ada', roles: [], requestId: 'req_1' };
const record = {
  attachment: { type: 'file' as const, id: 'atc_1', name: 'a.txt', mime_type: 'text/plain' },
  size: 3,
  metadata: { pages: 1 },
};

function storeOf(isTooLate: boolean) {
  const saved: unknown[] = [];
  const deleted: unknown[] = [];
  const store = {
    saveAttachment: async (...given: unknown[]) => void saved.push(given),
    deleteThread: async (_: unknown, threadId: string) => ({ working: [], logged: [`run_of_${threadId}`] }),
    deleteAttachment: async (...given: unknown[]) => void deleted.push(given),
  } as unknown as ThreadStore;
  const deps = {
    store,
    files: {} as AttachmentFiles,
    forgetLogs: async ({ logged }: LeftOfThread) => void deleted.push(...logged),
  };
  return { saved, deleted, store: assistantStore(deps, auth, { isTooLate: () => isTooLate }) };
}

it('saves an attachment of the caller, with what is private of it (ST-1, AT-5)', async () => {
  const { saved, store } = storeOf(false);
  await store.saveAttachment(record);
  expect(saved).toEqual([[auth, record]]);
});

it('deletes an attachment of the caller (ST-1)', async () => {
  const { deleted, store } = storeOf(false);
  await store.deleteAttachment('atc_1');
  expect(deleted).toEqual([[auth, 'atc_1']]);
});

it('deletes the copies of answers with their thread', async () => {
  const { deleted, store } = storeOf(false);
  await store.deleteThread('thr_1');
  expect(deleted).toEqual(['run_of_thr_1']);
});

it('saves and deletes nothing for code that was left behind', async () => {
  const { saved, deleted, store } = storeOf(true);
  await expect(store.deleteAttachment('atc_1')).rejects.toThrow(/can write nothing more/);
  expect(deleted).toEqual([]);
  await expect(store.saveAttachment(record)).rejects.toThrow(/can write nothing more/);
  expect(saved).toEqual([]);
});

const forgetLogs = async (): Promise<void> => undefined;

it('waits with the bytes of an attachment until they may be held', async () => {
  const store = { loadAttachment: async () => record } as unknown as ThreadStore;
  const stream = Readable.from([Buffer.from('abc')]);
  const files = { read: async () => ({ size: 3, stream }) } as unknown as AttachmentFiles;
  const held: number[] = [];
  const hold = async (bytes: number): Promise<void> => void held.push(bytes);
  expect(
    Buffer.from(await assistantStore({ store, files, forgetLogs }, auth, { hold }).readAttachment('atc_1')).toString(),
  ).toBe('abc');
  expect(held).toEqual([6]);
});

const stopped = (): Promise<void> => Promise.reject(new Error('stopped'));

it('reads nothing of an attachment whose run is stopped while it waits', async () => {
  const store = { loadAttachment: async () => record } as unknown as ThreadStore;
  const stream = Readable.from([Buffer.from('abc')]);
  const files = { read: async () => ({ size: 3, stream }) } as unknown as AttachmentFiles;
  await expect(
    assistantStore({ store, files, forgetLogs }, auth, { hold: stopped }).readAttachment('atc_1'),
  ).rejects.toThrow('stopped');
  expect(stream.destroyed).toBe(true);
});
