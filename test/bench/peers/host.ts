// Runs a server that is no Node process: passes its first line, which names its address, on by IPC, and ends it by closing
// its stdin. Arguments: the command and its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const [command = '', ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
server.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
server.on('exit', (code) => process.exit(code ?? 1));
process.on('disconnect', () => server.stdin.end());

const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
process.send?.({ type: 'ready', ...(JSON.parse(line) as { url: string }) });
