import { encodeEvent, toWireThread, type ThreadMetadata, type UserMessageItem } from '#chatkit';

/**
 * What a stream begins with, before the model has said anything (GF-1, TR-6): a pure function of what was stored, not
 * part of the run's log.
 */
export function preamble(thread: ThreadMetadata | undefined, userItem: UserMessageItem, allowCancel: boolean): Buffer {
  const frames = [
    ...(thread ? [encodeEvent({ type: 'thread.created', thread: toWireThread(thread) })] : []),
    encodeEvent({ type: 'thread.item.done', item: userItem }),
    encodeEvent({ type: 'stream_options', stream_options: { allow_cancel: allowCancel } }),
  ];
  return Buffer.from(frames.join(''));
}
