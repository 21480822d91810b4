import { Worker } from 'node:worker_threads';
import { MediaError } from './media-error.js';
import { perform, type ProcessTask } from './process-tasks.js';

async function answer(task: ProcessTask): Promise<void> {
  try {
    process.send?.({ result: await perform(task) });
  } catch (error) {
    // An error loses its class on the way; any other one ends this process without an answer.
    if (!(error instanceof MediaError)) throw error;
    process.send?.({ refused: { code: error.code, message: error.message } });
  }
}

process.once('message', (task: ProcessTask) => void answer(task));
new Worker(new URL('./parent-watch.js', import.meta.url), { argv: process.argv.slice(2), execArgv: [] }).unref();
