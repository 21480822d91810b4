import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database, EventEngine, RunQueue } from '#runtime';
import { Public } from '../auth/auth.guard.js';

const TIMEOUT_MS = 2_000;

/** Alive says that the process answers; ready says that it can take a message now. */
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly engine: EventEngine,
    private readonly queue: RunQueue,
  ) {}

  @Get()
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const [postgres, events, queue] = await Promise.all([
      check(() => this.database.ping()),
      check(() => this.engine.ping()),
      check(() => this.queue.ping()),
    ]);
    const isReady = postgres === 'ok' && events === 'ok' && queue === 'ok';
    const status = isReady ? 'ok' : 'unavailable';
    void reply
      .status(isReady ? 200 : 503)
      .send({ status, checks: { postgres, [`events (${this.engine.kind})`]: events, queue } });
  }
}

/** Never says why in public: an error text may hold an address or a name. */
async function check(ping: () => Promise<void>): Promise<'ok' | 'unavailable'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'unavailable'>((resolve) => {
    timer = setTimeout(() => resolve('unavailable'), TIMEOUT_MS);
  });
  const answered = ping().then(
    () => 'ok' as const,
    () => 'unavailable' as const,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
