import type { Redis } from 'ioredis';
import type { RedisNames } from '../../redis/redis-names.js';
import type { Unlisten } from '../run-bus.js';
import { RedisRunBus } from './redis-run-bus.js';

/** By the pub/sub of one server, over a connection for subscriptions alone. */
export class ServerRunBus extends RedisRunBus {
  constructor(
    private readonly server: Redis,
    private readonly subscriber: Redis,
    names: RedisNames,
  ) {
    super(server, names);
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => this.receive(channel, message));
  }

  override async listen(name: string, onMessage: (message: Buffer) => void): Promise<Unlisten> {
    const channel = this.handle(name, onMessage);
    await this.subscriber.subscribe(channel);
    return async () => {
      this.forget(channel);
      // Messages are ignored from here on. UNSUBSCRIBE saves Redis a message or two; awaited, it would block during an outage.
      this.subscriber.unsubscribe(channel).catch(() => undefined);
    };
  }

  override async send(channel: string, message: string): Promise<void> {
    await this.server.publish(this.names.channel(channel), message);
  }
}
