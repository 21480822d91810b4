import { describe, expect, it, vi } from 'vitest';
import type { ComposerRequests } from '../protocol/composer-requests.js';
import { RequestError } from '../protocol/request-error.js';
import { Draft } from './draft.js';
import { Uploads } from './uploads.js';

const attachment = { id: 'atc_1', name: 'a.txt', mime_type: 'text/plain' };
const limits = () => ({ maxCount: 9, maxSize: 99, maxTotalSize: 99, accept: {} });
const target = { url: 'https://store/a', method: 'PUT', headers: {} } as const;

function draftWith(sendFile: ComposerRequests['sendFile'], direct = false) {
  const deleteAttachment = vi.fn<ComposerRequests['deleteAttachment']>().mockResolvedValue();
  const announceFile = vi.fn<ComposerRequests['announceFile']>().mockResolvedValue({ attachment, target });
  const uploads = new Uploads({ announceFile, sendFile, deleteAttachment }, () =>
    direct ? { type: 'direct', uploadUrl: '/files' } : { type: 'two_phase' },
  );
  const draft = new Draft({ uploads, limits, isPersistent: () => false, onChange: () => undefined });
  draft.attach([new File(['x'], 'a.txt', { type: 'text/plain' })]);
  const states = () => draft.store.latest.files.map(({ state }) => state);
  const keyOf = () => draft.store.latest.files[0]?.key ?? 0;
  return { draft, deleteAttachment, announceFile, states, keyOf };
}
const hanging: ComposerRequests['sendFile'] = (_target, _file, { signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('a file that is attached', () => {
  it('is what the server has found it to be, or what was announced', async () => {
    const found = { ...attachment, mime_type: 'text/csv' };
    const own = draftWith(async () => found);
    await vi.waitFor(() => expect(own.states()).toEqual([{ type: 'ready', attachment: found }]));
    const store = draftWith(async () => undefined);
    await vi.waitFor(() => expect(store.states()).toEqual([{ type: 'ready', attachment }]));
    store.draft.remove(store.keyOf());
    expect(store.deleteAttachment).toHaveBeenCalledWith('atc_1');
  });

  it('is sent by one request where the server says so', async () => {
    const sent = vi.fn<ComposerRequests['sendFile']>().mockResolvedValue(attachment);
    const { announceFile, states } = draftWith(sent, true);
    await vi.waitFor(() => expect(states()).toEqual([{ type: 'ready', attachment }]));
    expect(sent).toHaveBeenCalledWith(
      { url: '/files', method: 'POST', headers: {} },
      expect.anything(),
      expect.anything(),
    );
    expect(announceFile).not.toHaveBeenCalled();
  });

  it('shows how much of it has left, and leaves nothing behind when it is taken off on the way', async () => {
    const { draft, deleteAttachment, states, keyOf } = draftWith((to, file, options) => {
      options.onProgress(0.5);
      return hanging(to, file, options);
    });
    await vi.waitFor(() => expect(states()).toEqual([{ type: 'sending', sent: 0.5 }]));
    expect(draft.message()).toBeUndefined();
    draft.remove(keyOf());
    await vi.waitFor(() => expect(deleteAttachment).toHaveBeenCalledWith('atc_1'));
    expect(states()).toEqual([]);
  });

  it('tells why it failed, and can be sent again', async () => {
    const answers = [new RequestError(422, 'a.txt: is damaged.'), undefined];
    const { draft, deleteAttachment, states, keyOf } = draftWith(async () => {
      const refusal = answers.shift();
      if (refusal) throw refusal;
      return attachment;
    });
    await vi.waitFor(() => expect(states()).toEqual([{ type: 'failed', status: 422, message: 'a.txt: is damaged.' }]));
    expect(deleteAttachment).toHaveBeenCalledWith('atc_1');
    draft.retry(keyOf());
    await vi.waitFor(() => expect(states()).toEqual([{ type: 'ready', attachment }]));
  });
});
