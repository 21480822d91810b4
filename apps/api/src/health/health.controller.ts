import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  CatalogueStore,
  type CheckResult,
  EventEngine,
  keptFor,
  type NamedBreaker,
  runCheck,
  SchemaCheck,
  stateOf,
  StoreChecks,
} from '#runtime';
import { Public } from '../auth/access.js';
import { ApiConfig } from '../config.js';
import { areHealthy, ProviderState, providerStates } from './provider-states.js';
import { type AnswerOf, Describes } from '../described/describes.js';
import { z } from 'zod';

const Alive = z.object({ status: z.literal('ok') });
const Readiness = z.object({
  /** `unavailable` is answered with 503. */
  status: z.enum(['ok', 'degraded', 'unavailable']),
  checks: z.record(z.string(), z.string()),
  problem: z.string().optional(),
  providers: z.array(ProviderState).optional(),
});

/** Everybody may ask, without a limit: each process looks at what it needs once in this time. */
const LOOKS_EVERY_MS = 1_000;

/** Live: the process answers. Ready: it can take a message now. */
@Controller('health')
export class HealthController {
  private readonly served = keptFor(LOOKS_EVERY_MS, () => runCheck(() => this.catalogues.isServed()));
  private readonly breakers = keptFor(LOOKS_EVERY_MS, () => runCheck(() => this.engine.policies.breakers()));
  private readonly workers = keptFor(LOOKS_EVERY_MS, () => runCheck(() => this.catalogues.load()));

  constructor(
    private readonly stores: StoreChecks,
    private readonly schema: SchemaCheck,
    private readonly engine: EventEngine,
    private readonly catalogues: CatalogueStore,
    private readonly config: ApiConfig,
  ) {}

  @Public()
  @Describes({ summary: 'Whether the server can answer', answer: Alive })
  @Get()
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Public()
  @Describes({ summary: 'Whether the process lives', answer: Alive })
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * A database that lacks migrations of this version makes it 503 as well, with the `problem` in words. With `?deep=1` the workers
   * count, too: 503 also when none takes jobs (one that was killed counts for another 3 s). It
   * shows the state of each provider when a worker last checked it, and which of its models have a circuit breaker that is open, was
   * opened by an operator (`heldBreakers`) or waits for the next request to try the model again (`halfOpenBreakers`). All but the last
   * make the status `degraded`, not 503: the other providers answer. The answer may be a second old.
   */
  @Public()
  @Describes({
    summary: 'Whether the server can answer, in detail',
    query: z.object({ deep: z.enum(['1']).optional() }),
    answer: Readiness,
    isUnavailableToo: true,
  })
  @Get('ready')
  async ready(@Res() reply: FastifyReply, @Query('deep') deep?: string): Promise<void> {
    const { isReady, ...report } = await this.look(deep === '1');
    void reply.status(isReady ? 200 : 503).send(report satisfies AnswerOf<typeof Readiness>);
  }

  private async look(isDeep: boolean) {
    const [stores, schema, workers, served, breakers] = await Promise.all([
      this.stores.look(),
      this.schema.look(),
      isDeep ? this.workers() : undefined,
      isDeep ? this.served() : undefined,
      isDeep ? this.breakers() : undefined,
    ]);
    const checks = {
      postgres: stateOf(stores.postgres),
      schema: schema.state,
      [`events (${this.engine.kind})`]: stateOf(stores.events),
      queue: stateOf(stores.queue),
      ...(workers && { worker: workers.value && served?.value ? 'ok' : 'unavailable' }),
    };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    const providers = workers && this.providersOf(workers, breakers?.value);
    const isHealthy = !providers || areHealthy(providers);
    const status = !isReady ? ('unavailable' as const) : isHealthy ? ('ok' as const) : ('degraded' as const);
    const { problem } = schema;
    return { isReady, status, checks, ...(problem !== undefined && { problem }), ...(providers && { providers }) };
  }

  private providersOf(
    { value }: CheckResult<Awaited<ReturnType<CatalogueStore['load']>>>,
    breakers: readonly NamedBreaker[] = [],
  ) {
    return value ? providerStates({ ...value, breakers }, this.config.isSingleUser) : [];
  }
}
