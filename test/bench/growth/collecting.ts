// Loaded into API and worker before their own code (`--import`): removes garbage when it is told to, so that
// what an open stream holds is told from what nobody has collected yet. Answers by IPC.
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import type { CollectOrder, CollectReport } from './messages.js';

// Turned on here, so that the process needs no option.
v8.setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const isCollectOrder = (message: unknown): message is CollectOrder =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'bench.collect';

if (isMainThread)
  process.on('message', (message) => {
    if (!isCollectOrder(message)) return;
    for (let times = 0; times < 2; times++) collect(); // what finalizers let go of falls to the second
    const { heapUsed, external } = process.memoryUsage();
    process.send?.({ heldBytes: heapUsed + external } satisfies CollectReport);
  });
