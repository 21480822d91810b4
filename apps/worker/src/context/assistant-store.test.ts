import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { AttachmentFiles, StoredAttachment, ThreadStore } from '#runtime';
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

/** A store with one attachment, and in what order it is waited for and opened. */
function reading(saved: Partial<StoredAttachment>, isStopped = false) {
  const seen: string[] = [];
  const store = { loadAttachment: async () => ({ ...record, ...saved }) } as unknown as ThreadStore;
  const streams: Readable[] = [];
  const files = {
    async read() {
      seen.push('open');
      const stream = Readable.from([Buffer.from('abc')]);
      streams.push(stream);
      return { size: 3, stream };
    },
  } as unknown as AttachmentFiles;
  const hold = async (bytes: number): Promise<void> => {
    seen.push(`hold ${bytes}`);
    if (isStopped) throw new Error('stopped');
  };
  return {
    seen,
    streams,
    read: () => assistantStore({ store, files, forgetLogs }, auth, { hold }).readAttachment('atc_1'),
  };
}

it('opens an attachment once its bytes may be held', async () => {
  const { seen, read } = reading({});
  expect(Buffer.from(await read()).toString()).toBe('abc');
  expect(seen).toEqual(['hold 6', 'open']);
});

it('asks the file for a size that was not saved, and leaves it closed while it waits', async () => {
  const { seen, streams, read } = reading({ size: undefined });
  expect(Buffer.from(await read()).toString()).toBe('abc');
  expect(seen).toEqual(['open', 'hold 6', 'open']);
  expect(streams[0]?.destroyed).toBe(true);
});

it('opens nothing of an attachment whose run is stopped while it waits', async () => {
  const { seen, read } = reading({}, true);
  await expect(read()).rejects.toThrow('stopped');
  expect(seen).toEqual(['hold 6']);
});

it('holds nothing for what was never uploaded', async () => {
  const upload = { url: 'https://example.com', method: 'PUT' as const, headers: {} };
  const { seen, read } = reading({ attachment: { ...record.attachment, upload_descriptor: upload } });
  await expect(read()).rejects.toThrow('were never uploaded');
  expect(seen).toEqual([]);
});
