// Loaded into API and worker before their own code (`--import`), for any build: counts what the process writes to
// sockets, the SQL statements among it, and the bytes that it allocates on the JavaScript heap. Answers by IPC.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { HeapMeter } from './against/heap-meter.js';
import { StatementReader } from './against/statement-reader.js';
import type { CountOrder, ProcessCounts } from './messages.js';

type Peer = 'postgres' | 'redis' | 'reader' | 'provider';
type Chunk = string | Uint8Array;

const portOf = (url: string | undefined): number => Number(url && new URL(url).port);
const { DATABASE_URL, REDIS_URL } = process.env;
const PEERS = new Map<number | undefined, Peer>([
  [portOf(REDIS_URL), 'redis'],
  [portOf(DATABASE_URL), 'postgres'],
]);

const writes: Record<string, number> = {};
const statements: Record<string, number> = {};
const readers = new WeakMap<Socket, StatementReader>();
const heap = new HeapMeter();

function peerOf(socket: Socket & { readonly server?: unknown }): Peer {
  return PEERS.get(socket.remotePort) ?? (socket.server ? 'reader' : 'provider');
}

/** One call is one request to the kernel: chunks that leave together come in one list. */
function note(socket: Socket, chunks: readonly Chunk[]): void {
  const peer = peerOf(socket);
  add(writes, peer);
  if (peer !== 'postgres') return;
  let reader = readers.get(socket);
  if (!reader) readers.set(socket, (reader = new StatementReader((text) => add(statements, text))));
  for (const chunk of chunks) reader.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function countSocketWrites(prototype: Socket): void {
  const { _write: write, _writev: writev } = prototype;
  Object.assign(prototype, {
    _write(this: Socket, ...args: Parameters<Socket['_write']>) {
      note(this, [args[0] as Chunk]);
      write.apply(this, args);
    },
    _writev(this: Socket, ...args: Parameters<NonNullable<Socket['_writev']>>) {
      const [pieces] = args;
      note(
        this,
        pieces.map(({ chunk }) => chunk as Chunk),
      );
      writev?.apply(this, args);
    },
  });
}

const isCountOrder = (message: unknown): message is CountOrder =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'bench.count';

if (isMainThread) {
  countSocketWrites(Socket.prototype);
  process.on('message', (message) => {
    if (!isCountOrder(message)) return;
    process.send?.({ writes, statements, heapBytes: heap.read() } satisfies ProcessCounts);
  });
}
