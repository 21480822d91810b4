// Stands in for apps/worker. STUB_* steer it.
import { writeSync } from 'node:fs';

const GENERATION = 'first';
const { STUB_WORKER_DIES } = process.env;

const log = (line: string): void => void writeSync(1, `worker: ${line}\n`);

function stop(why: string): void {
  log(`stopping on ${why}`);
  setTimeout(() => {
    log('stopped');
    process.exit(0);
  }, 100);
}

log(`${GENERATION} build, process ${process.pid}`);
if (STUB_WORKER_DIES) process.exit(3);
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => stop(signal));
setInterval(() => undefined, 1_000);
process.send?.({ type: 'ready', providers: ['demo'], defaultModel: 'demo/echo' });
