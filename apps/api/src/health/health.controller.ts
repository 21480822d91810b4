import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CatalogueStore, Database, EventEngine, RunQueue } from '#runtime';
import { Public } from '../auth/access.js';
import { ApiConfig } from '../config.js';
import { type CheckResult, runCheck, stateOf } from './check.js';
import { areHealthy, providerStates } from './provider-states.js';

/** Live: the process answers. Ready: it can take a message now. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly engine: EventEngine,
    private readonly queue: RunQueue,
    private readonly catalogues: CatalogueStore,
    private readonly config: ApiConfig,
  ) {}

  @Public()
  @Get()
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Public()
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * With `?deep=1` the workers count as well: 503 also when none is alive (one that was killed counts for another 90 s). It
   * shows the state of each provider when a worker last checked it, and which of its models have an open circuit breaker. Either
   * makes the status `degraded`, not 503: the other providers answer.
   */
  @Public()
  @Get('ready')
  async ready(@Res() reply: FastifyReply, @Query('deep') deep?: string): Promise<void> {
    const [postgres, events, queue, workers] = await Promise.all([
      runCheck(() => this.database.ping()),
      runCheck(() => this.checkEngine()),
      runCheck(() => this.queue.ping()),
      deep === '1' ? runCheck(() => this.catalogues.load()) : undefined,
    ]);
    const checks = {
      postgres: stateOf(postgres),
      [`events (${this.engine.kind})`]: stateOf(events),
      queue: stateOf(queue),
      ...(workers && { worker: workers.value ? 'ok' : 'unavailable' }),
    };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    const providers = workers && this.providersOf(workers);
    const isHealthy = !providers || areHealthy(providers);
    const status = !isReady ? 'unavailable' : isHealthy ? 'ok' : 'degraded';
    void reply.status(isReady ? 200 : 503).send({ status, checks, ...(providers && { providers }) });
  }

  /** An engine may answer and be of no use, as a Redis that accepts no writes: messages are refused then. */
  private async checkEngine(): Promise<void> {
    await this.engine.ping();
    if (!this.engine.isReady()) throw new Error('the event engine accepts no writes');
  }

  private providersOf({ value }: CheckResult<Awaited<ReturnType<CatalogueStore['load']>>>) {
    return value ? providerStates(value, this.config.isSingleUser) : [];
  }
}
