import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CatalogueStore, Database, EventEngine, RunQueue } from '#runtime';
import { Public } from '../auth/auth.guard.js';
import { ApiConfig } from '../config.js';
import { type Answered, answerOf, stateOf } from './check.js';
import { areWell, providerStates } from './provider-states.js';

/** Alive says that the process answers; ready says that it can take a message now. */
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly engine: EventEngine,
    private readonly queue: RunQueue,
    private readonly catalogues: CatalogueStore,
    private readonly config: ApiConfig,
  ) {}

  @Get()
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * `?deep=1` looks at the workers, too: 503 also when none is alive (one that was killed counts for another 90 s), and shows
   * how each provider was when it was last asked, and which of its models are spared by an open breaker. Either makes it
   * `degraded`, not 503: the others answer.
   */
  @Get('ready')
  async ready(@Res() reply: FastifyReply, @Query('deep') deep?: string): Promise<void> {
    const [postgres, events, queue, workers] = await Promise.all([
      answerOf(() => this.database.ping()),
      answerOf(() => this.askEngine()),
      answerOf(() => this.queue.ping()),
      deep === '1' ? answerOf(() => this.catalogues.load()) : undefined,
    ]);
    const checks = {
      postgres: stateOf(postgres),
      [`events (${this.engine.kind})`]: stateOf(events),
      queue: stateOf(queue),
      ...(workers && { worker: workers.value ? 'ok' : 'unavailable' }),
    };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    const providers = workers && this.providersOf(workers);
    const isWell = !providers || areWell(providers);
    const status = !isReady ? 'unavailable' : isWell ? 'ok' : 'degraded';
    void reply.status(isReady ? 200 : 503).send({ status, checks, ...(providers && { providers }) });
  }

  /** It may answer and be of no use, as a Redis that takes no writes: messages are refused then, and that is not ready. */
  private async askEngine(): Promise<void> {
    await this.engine.ping();
    if (!this.engine.isReady()) throw new Error('the event engine takes nothing');
  }

  private providersOf({ value }: Answered<Awaited<ReturnType<CatalogueStore['load']>>>) {
    return value ? providerStates(value, this.config.isSingleUser) : [];
  }
}
