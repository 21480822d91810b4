import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One address before several servers on loopback, as a load balancer is: every connection leads to one that is there. */
export interface Balancer {
  readonly url: string;
  /**
   * The next connection that carries this text to a server is reset when the answer to it comes, before a byte of it
   * has passed: the request was taken, and its sender cannot know.
   */
  loseAnswerTo(text: string): void;
  /** How many answers were lost in this way. */
  lostAnswers(): number;
  close(): Promise<void>;
}

/** @param targets base URLs of the servers as they are now; asked for every connection */
export async function startBalancer(targets: () => readonly string[]): Promise<Balancer> {
  const open = new Set<Socket>();
  const toLose = new Set<string>();
  let lost = 0;
  let next = 0;

  /** Tries one server after the other, as long as nobody listens. */
  function reach(client: Socket, tries: readonly string[]): void {
    const [target, ...others] = tries;
    if (target === undefined) return void client.destroy();
    const upstream = connect({ port: Number(new URL(target).port), host: '127.0.0.1', noDelay: true });
    const refused = (): void => reach(client, others);
    upstream.once('error', refused);
    upstream.once('connect', () => {
      upstream.off('error', refused);
      join(client, upstream);
    });
  }

  function join(client: Socket, upstream: Socket): void {
    let isLost = false;
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
    client.on('data', (chunk) => {
      const text = [...toLose].find((one) => chunk.includes(one));
      if (text !== undefined) isLost = toLose.delete(text);
      upstream.write(chunk);
    });
    client.on('end', () => upstream.end());
    upstream.on('data', (chunk) => {
      if (!isLost) return void client.write(chunk);
      lost++;
      upstream.removeAllListeners('data');
      client.resetAndDestroy();
    });
    upstream.on('end', () => client.end());
  }

  const server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => undefined);
    const all = targets();
    const first = next++ % all.length;
    reach(client, [...all.slice(first), ...all.slice(0, first)]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseAnswerTo: (text) => void toLose.add(text),
    lostAnswers: () => lost,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
