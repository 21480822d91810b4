import { parentPort, workerData } from 'node:worker_threads';
import { MediaError } from './media-error.js';
import { THREAD_TASKS, type ThreadTask } from './thread-tasks.js';

const { task, bytes } = workerData as { readonly task: ThreadTask; readonly bytes: Uint8Array };

try {
  const result = await THREAD_TASKS[task](bytes);
  const pixels = typeof result === 'object' && 'data' in result ? [result.data.buffer as ArrayBuffer] : [];
  parentPort?.postMessage({ result }, pixels);
} catch (error) {
  if (!(error instanceof MediaError)) throw error;
  // An error loses its class on the way.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage({ refused: { code: error.code, message: error.message } });
}
