import { expect, it } from 'vitest';
import { Attachment } from './attachment.js';

const update = async (): Promise<void> => undefined;

it('attaches to the open thread, once, and leaves the previous one', async () => {
  const attached: { threadId: string; signal: AbortSignal | undefined }[] = [];
  const ends: (() => void)[] = [];
  const attachment = new Attachment({
    attach: (threadId, _onUpdate, { signal } = {}) => {
      attached.push({ threadId, signal });
      return new Promise<void>((resolve) => ends.push(resolve));
    },
  });
  for (const threadId of ['thr_1', 'thr_1', 'thr_2', null]) attachment.show(threadId, update);
  expect(attached.map(({ threadId, signal }) => [threadId, signal?.aborted])).toEqual([
    ['thr_1', true],
    ['thr_2', true],
  ]);
  attachment.show('thr_2', update);
  ends.at(-1)?.();
  await new Promise((resolve) => setTimeout(resolve));
  attachment.show('thr_2', update);
  expect(attached).toHaveLength(4);
});
