import { once } from 'node:events';
import net from 'node:net';

/** Stands between a client and the APIs: one address, behind which the server changes and connections are cut. */
export interface CuttingProxy {
  readonly url: string;
  /** Bytes of answers after which the next connections are cut, one number for each; the others are whole. */
  cuts: number[];
  /** How many connections were cut so far. */
  readonly cutCount: () => number;
  /** Where new connections lead. */
  leadTo(url: string): void;
  /** Cuts all connections, and closes new ones at once: no server, or no network. */
  goDown(): void;
  /** How many connections were tried since it went down. */
  readonly triedCount: () => number;
  close(): Promise<void>;
}

export async function openCuttingProxy(first: string): Promise<CuttingProxy> {
  let target: URL | undefined = new URL(first);
  let cut = 0;
  let tried = 0;
  const open = new Set<net.Socket>();
  const proxy = { cuts: [] as number[] };
  const server = net.createServer((client) => {
    if (!target) {
      tried += 1;
      client.destroy();
      return;
    }
    const upstream = net.connect(Number(target.port), target.hostname);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
    client.pipe(upstream);
    let left = proxy.cuts.shift() ?? Number.POSITIVE_INFINITY;
    upstream.on('data', (data: Buffer) => {
      if (data.length < left) {
        left -= data.length;
        client.write(data);
        return;
      }
      cut += 1;
      upstream.removeAllListeners('data');
      // What fits is delivered first; then the connection is gone, in the middle of whatever it was.
      client.write(data.subarray(0, left), end);
    });
    upstream.on('end', () => client.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  const { port } = server.address() as net.AddressInfo;
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    cutCount: () => cut,
    leadTo: (url: string) => void (target = new URL(url)),
    goDown() {
      target = undefined;
      tried = 0;
      cutAll();
    },
    triedCount: () => tried,
    async close() {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  });
}
