// Stands in for apps/api: answers with its own environment, and tells how it ends. STUB_* steer it.
import { existsSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

const { PORT = '8000', HOST = '127.0.0.1', STUB_API_EXIT, STUB_API_LINGERS, STUB_API_WAITS } = process.env;

const log = (line: string): void => void writeSync(1, `api: ${line}\n`);

function stop(why: string): void {
  log(`stopping on ${why}`);
  const until = new Date(Date.now() + 60_000).toISOString();
  if (STUB_API_WAITS) process.send?.({ type: 'stopping', waitsFor: STUB_API_WAITS, until });
  if (STUB_API_LINGERS) return;
  log('stopped');
  process.exit(0);
}

if (STUB_API_EXIT && existsSync(STUB_API_EXIT)) {
  writeSync(2, 'api: this configuration cannot be used\n');
  process.exit(78);
}
const server = createServer((_, response) => response.end(JSON.stringify({ pid: process.pid, env: process.env })));
server.listen(Number(PORT), HOST, () => process.send?.({ type: 'ready', url: `http://${HOST}:${PORT}` }));
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => stop(signal));
