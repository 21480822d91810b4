import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { AttachmentFiles, StoredAttachment, ThreadStore } from '#runtime';
import type { WorkerSettings } from '../worker-settings.js';
import { AttachmentBudget } from './attachment-budget.js';
import { type ModelFile, openForModel } from './read-for-model.js';

const auth = { tenantId: 'acme', userId: 'ada', roles: [], requestId: 'req_1' };

const stored = (id: string): StoredAttachment => ({
  attachment: { type: 'file', id, name: id, mime_type: 'text/plain' },
  metadata: {},
});

function opened(ids: readonly string[], signal = new AbortController().signal) {
  const seen = { lookUps: 0, opens: 0 };
  const store = {
    async findAttachments(_auth: unknown, asked: readonly string[]) {
      seen.lookUps += 1;
      return new Map(asked.filter((id) => ids.includes(id)).map((id) => [id, stored(id)]));
    },
  } as unknown as ThreadStore;
  const files = {
    async read() {
      seen.opens += 1;
      return { size: 6, stream: Readable.from([Buffer.from('abc'), Buffer.from('def')]) };
    },
  } as unknown as AttachmentFiles;
  const budget = new AttachmentBudget({ attachmentBytes: 100, distinguishesUsers: true } as WorkerSettings);
  return { seen, budget, open: openForModel(store, files, budget.forRun('ada', signal), auth, signal) };
}

const headOf = async (file: ModelFile): Promise<string> =>
  typeof file === 'string' ? file : `${file.size}:${file.head.toString()}`;

it('looks many up by one query, and opens each once for its size and its first bytes', async () => {
  const ids = Array.from({ length: 50 }, (_, n) => `atc_${n}`);
  const { seen, open } = opened(ids);
  const read = await open([...ids, 'atc_gone']);
  for (const id of ids) expect(await read(id, 4, headOf)).toBe('6:abcd');
  expect(await read('atc_gone', 4, headOf)).toBe('deleted');
  expect(seen).toEqual({ lookUps: 1, opens: ids.length });
});

it('holds the first bytes of a file no longer than they are looked at', async () => {
  const { budget, open } = opened(['atc_1']);
  const read = await open(['atc_1']);
  expect(await read('atc_1', 4, async () => budget.use.held)).toBe(8);
  expect(budget.use.held).toBe(0);
});

it('opens nothing for a run that was stopped', async () => {
  const { seen, open } = opened(['atc_1'], AbortSignal.abort(new Error('stopped')));
  await expect((await open(['atc_1']))('atc_1', 4, headOf)).rejects.toThrow('stopped');
  expect(seen.opens).toBe(0);
});
