import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { atMost } from './at-most.js';
import { MediaError, type MediaErrorCode } from './media-error.js';
import type { ThreadResult, ThreadTask } from './thread-tasks.js';

/** Ten times what the largest file within the limits takes on a machine that does nothing else. */
const TASK_MS: Record<ThreadTask, number> = { heic: 60_000 };
/** Of JavaScript objects; pixels are not among them. */
const HEAP_MB = 512;

/** Sources are run by tests only, and Node.js 20 starts no thread with TypeScript. */
const IS_BUILT = import.meta.url.endsWith('.js');

const startThread = atMost(2);

type Answer =
  { readonly result: unknown } | { readonly refused: { readonly code: MediaErrorCode; readonly message: string } };

/**
 * Reads a file in a thread of its own: what takes seconds of computing must not hold up the streams of this process, and a
 * file that never ends, or takes all memory, ends with its thread.
 * @throws MediaError
 */
export async function readInThread<Name extends ThreadTask>(
  task: Name,
  bytes: Uint8Array,
): Promise<ThreadResult<Name>> {
  if (!IS_BUILT) {
    const { THREAD_TASKS } = await import('./thread-tasks.js');
    return (await THREAD_TASKS[task](bytes)) as ThreadResult<Name>;
  }
  const answer = await startThread(() => answerOf(task, bytes));
  if ('refused' in answer) throw new MediaError(answer.refused.code, answer.refused.message);
  return answer.result as ThreadResult<Name>;
}

async function answerOf(task: ThreadTask, bytes: Uint8Array): Promise<Answer> {
  const thread = new Worker(new URL('./thread-main.js', import.meta.url), {
    workerData: { task, bytes },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    // Libraries print warnings about files.
    stdout: true,
    stderr: true,
  });
  try {
    const [answer] = (await once(thread, 'message', { signal: AbortSignal.timeout(TASK_MS[task]) })) as [Answer];
    return answer;
  } catch (cause) {
    throw new MediaError('unreadable', 'The file takes too much time or memory to read. Attach a smaller one.', {
      cause,
    });
  } finally {
    await thread.terminate();
  }
}
