import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { allRecordings } from '../recordings/recording.js';
import { handle, type Repertoire } from './handle.js';
import { type JournalEntry, openExchange } from './journal.js';

/** A local server that plays recorded provider answers; `knobs.ts` says how else than as they were recorded. */
export interface ReplayServer {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  readonly journal: readonly JournalEntry[];
  close(): Promise<void>;
}

/** Starts the server on a free loopback port, by default with all recordings that there are. */
export async function startReplayServer(recordings = allRecordings()): Promise<ReplayServer> {
  const journal: JournalEntry[] = [];
  const repertoire: Repertoire = {
    recordings: new Map(recordings.map((recording) => [recording.id, recording])),
    wires: new Set(recordings.map(({ wire }) => wire)),
    failed: new Map(),
  };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => void answer(request, response, repertoire, journal));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that hangs up in the middle is what some tests are about.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    journal,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  repertoire: Repertoire,
  journal: JournalEntry[],
): Promise<void> {
  try {
    const exchange = await openExchange(request, response);
    journal.push(exchange.entry);
    await handle(exchange, repertoire);
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`replay server: ${String(error)}`);
  }
}
