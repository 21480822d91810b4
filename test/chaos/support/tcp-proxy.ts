import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

type Mode = 'open' | 'refuse' | 'blackhole';

/** A wire that a test may cut, slow down, or let swallow everything. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection at once, with a reset; new ones are let through. */
  cut(): void;
  /** Ends every connection and every new one. */
  refuse(): void;
  /** Nothing passes any more, and nobody is told: connections stay open, as behind a dead switch. */
  blackhole(): void;
  /** Delays everything by so many milliseconds, in both directions. */
  delay(ms: number): void;
  /** As at the beginning. What was swallowed is gone: its connections are reset. */
  restore(): void;
  close(): Promise<void>;
}

/** Stands before a server on loopback. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: Mode = 'open';
  let delayMs = 0;

  const server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => undefined);
    if (mode === 'refuse') return void client.resetAndDestroy();
    const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    upstream.on('error', () => undefined);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on('data', (chunk) => pass(to, chunk));
      from.on('close', () => end(pair));
    }
  });

  function pass(to: Socket, chunk: Buffer): void {
    if (mode === 'blackhole') return;
    if (delayMs === 0) to.write(chunk);
    else setTimeout(() => to.writable && to.write(chunk), delayMs);
  }

  function end(pair: readonly [Socket, Socket]): void {
    if (mode === 'blackhole' || !pairs.delete(pair)) return;
    for (const socket of pair) socket.resetAndDestroy();
  }

  function endAll(): void {
    for (const pair of pairs) {
      pairs.delete(pair);
      for (const socket of pair) socket.resetAndDestroy();
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut: endAll,
    refuse() {
      mode = 'refuse';
      endAll();
    },
    blackhole() {
      mode = 'blackhole';
    },
    delay(ms) {
      delayMs = ms;
    },
    restore() {
      if (mode === 'blackhole') endAll();
      mode = 'open';
      delayMs = 0;
    },
    async close() {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
