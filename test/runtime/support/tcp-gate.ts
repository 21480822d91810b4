import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A store's address for one test: its traffic can be held, as by a network that loses packets. */
export class TcpGate {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async open(to: URL): Promise<TcpGate> {
    const server = createServer();
    const gate = new TcpGate(server);
    server.on('connection', (near) => gate.join(near, connect(Number(to.port), to.hostname)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return gate;
  }

  /** The same URL, through the gate. */
  through(url: string): string {
    const through = new URL(url);
    through.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return through.href;
  }

  /** Connections stay open, and no data arrives any more. */
  hold(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** Connections break, and no new one is accepted. */
  shut(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket, far: Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  }
}
