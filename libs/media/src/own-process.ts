import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { atMost } from './at-most.js';
import { MediaError, type MediaErrorCode } from './media-error.js';
import type { ProcessTask } from './process-tasks.js';
import { ReaderError } from './reader-error.js';

/** Ten times what an honest file takes on a machine that does nothing else. Nothing else bounds the work of these files. */
const TASK_MS: Record<ProcessTask['name'], number> = {
  svg: 15_000,
  largePicture: 60_000,
  pdf: 30_000,
  pdfPages: 30_000,
};
/** Of JavaScript objects … */
const HEAP_MB = 512;
/** … and of everything, where the system tells it. */
const RESIDENT_MB = 768;
const LOOK_EVERY_MS = 50;

/** How a process ends whose heap is full (V8 and native code abort), or its stack. */
const OUT_OF_MEMORY: ReadonlySet<string | null> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV']);

/** Sources are run by tests only, and Node.js 20 starts no process with TypeScript. */
const IS_BUILT = import.meta.url.endsWith('.js');

/** Two documents, drawings or large pictures, of all that this process is given. */
const startProcess = atMost(2);

type Answer =
  { readonly result: unknown } | { readonly refused: { readonly code: MediaErrorCode; readonly message: string } };

/**
 * Reads a file in a process of its own: a drawing of a kilobyte can be drawn for ever by code that nothing interrupts, and a
 * document of some kilobytes can become gigabytes. What takes too long or too much ends with its process.
 * A large picture is no attack, but is hundreds of megabytes while it is decoded.
 * @throws MediaError
 * @throws ReaderError if the process does not start, or ends for a reason that is not the file's: it may work later
 */
export async function readInProcess(task: ProcessTask): Promise<unknown> {
  if (!IS_BUILT) {
    const { perform } = await import('./process-tasks.js');
    return perform(task);
  }
  const answer = await startProcess(() => answerOf(startReader(), task, TASK_MS[task.name]));
  if ('refused' in answer) throw new MediaError(answer.refused.code, answer.refused.message);
  return answer.result;
}

const startReader = (): ChildProcess =>
  fork(new URL('./process-main.js', import.meta.url), [String(process.pid)], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    // It reads what strangers have sent, and needs no secret for it.
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });

/** Of a process that has just been started; it ends with its answer, or with an error of {@link readInProcess}. */
export async function answerOf(child: ChildProcess, task: ProcessTask, withinMs: number): Promise<Answer> {
  const over = new AbortController();
  const end = (error: Error): void => over.abort(error);
  const watch = setInterval(() => {
    if (residentMegabytes(child.pid) > RESIDENT_MB) end(tooMuch());
  }, LOOK_EVERY_MS);
  const timer = setTimeout(() => end(tooMuch()), withinMs);
  child.on('error', (cause) => end(new ReaderError('The process that reads files failed.', { cause })));
  child.once('exit', (code, signal) =>
    end(
      OUT_OF_MEMORY.has(signal) ? tooMuch() : new ReaderError(`The process that reads files ended: ${signal ?? code}.`),
    ),
  );
  try {
    child.send(task);
    const [answer] = (await once(child, 'message', { signal: over.signal })) as [Answer];
    return answer;
  } catch (error) {
    throw over.signal.aborted ? over.signal.reason : error;
  } finally {
    clearInterval(watch);
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

const tooMuch = (): MediaError =>
  new MediaError('unreadable', 'The file takes too much time or memory to read. Attach a simpler one.');

/** 0 where the system does not tell. */
export function residentMegabytes(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}
