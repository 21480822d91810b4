import pg from 'pg';
import { SESSION_TIMES } from '../../platform/session.js';

const RECONNECT_MS = 500;

/** One LISTEN connection, which reconnects with all its channels when it breaks. */
export class Listener {
  private client: pg.Client | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
  private closed = false;
  private lastWord: Promise<unknown> = Promise.resolve();
  private readonly handlers = new Map<string, (message: Buffer) => void>();

  constructor(
    private readonly url: string,
    private readonly onError: (error: Error) => void,
  ) {}

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'chatkit-relay listener',
      // A connection that only listens never writes: without keep-alive a cut cable would go unnoticed.
      keepAlive: true,
    });
    client.on('notification', ({ channel, payload }) => {
      this.handlers.get(channel)?.(Buffer.from(payload ?? ''));
    });
    client.on('error', (error) => this.onError(error));
    try {
      await client.connect();
      await client.query(SESSION_TIMES);
      for (const channel of this.handlers.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      // A connection that breaks while connecting emits its end as well: one failure, one new try.
      client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) return client.end();
    client.once('end', () => this.lost());
    this.client = client;
  }

  isConnected(): boolean {
    return this.client !== undefined;
  }

  async listen(channel: string, onMessage: (message: Buffer) => void): Promise<void> {
    this.handlers.set(channel, onMessage);
    await this.say('LISTEN', channel);
  }

  async unlisten(channel: string): Promise<void> {
    this.handlers.delete(channel);
    await this.say('UNLISTEN', channel);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.reconnecting);
    await this.client?.end();
  }

  /** Runs one statement after the other: a connection takes no concurrent ones. */
  private async say(word: 'LISTEN' | 'UNLISTEN', channel: string): Promise<void> {
    const said = this.lastWord.then(() => this.client?.query(`${word} ${pg.escapeIdentifier(channel)}`));
    this.lastWord = said.catch(() => undefined);
    await said;
  }

  private lost(): void {
    this.client = undefined;
    if (this.closed) return;
    this.reconnecting = setTimeout(() => {
      this.connect().catch((error: Error) => {
        this.onError(error);
        this.lost();
      });
    }, RECONNECT_MS);
  }
}
