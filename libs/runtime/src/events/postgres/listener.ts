import pg from 'pg';

const RECONNECT_MS = 500;

/** One connection that listens, and comes back with all its channels when it breaks. */
export class Listener {
  private client: pg.Client | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly hearers = new Map<string, (message: Buffer) => void>();

  constructor(
    private readonly url: string,
    private readonly onError: (error: Error) => void,
  ) {}

  async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'chatkit-relay listener' });
    client.on('notification', ({ channel, payload }) => {
      this.hearers.get(channel)?.(Buffer.from(payload ?? ''));
    });
    client.on('error', (error) => this.onError(error));
    client.on('end', () => this.lost(client));
    await client.connect();
    for (const channel of this.hearers.keys()) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    this.client = client;
  }

  isConnected(): boolean {
    return this.client !== undefined;
  }

  async listen(channel: string, hear: (message: Buffer) => void): Promise<void> {
    this.hearers.set(channel, hear);
    await this.client?.query(`LISTEN ${this.client.escapeIdentifier(channel)}`);
  }

  async unlisten(channel: string): Promise<void> {
    this.hearers.delete(channel);
    await this.client?.query(`UNLISTEN ${this.client.escapeIdentifier(channel)}`);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.reconnecting);
    await this.client?.end();
  }

  private lost(client: pg.Client): void {
    if (this.client === client) this.client = undefined;
    if (this.closed) return;
    this.reconnecting = setTimeout(() => {
      this.connect().catch((error: Error) => {
        this.onError(error);
        this.lost(client);
      });
    }, RECONNECT_MS);
  }
}
