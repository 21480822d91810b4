import { Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { AppError, EventEngine } from '#runtime';
import { AccessFor } from '../auth/access.js';
import { CachedCatalogue } from '../models/cached-catalogue.js';
import { BreakerShown, breakerName, breakerState, breakerStates, closedBreaker } from '../models/breaker-states.js';
import { type AnswerOf, Describes } from '../described/describes.js';

/** Names of models come from requests; longer ones are of none. */
const MAX_KEY = 256;

const Breakers = z.object({ data: z.array(BreakerShown) });

/** The circuit breakers of all workers, read and moved by hand. */
@Controller('admin/api/breakers')
export class BreakersController {
  constructor(
    private readonly engine: EventEngine,
    private readonly catalogue: CachedCatalogue,
  ) {}

  @AccessFor('admin')
  @Describes({ summary: 'Lists the circuit breakers', answer: Breakers })
  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<AnswerOf<typeof Breakers>> {
    const [stored, offered] = await Promise.all([this.engine.policies.breakers(), this.catalogue.load()]);
    return { data: breakerStates(stored, offered) };
  }

  /** In every worker within a second; until somebody closes it. */
  @AccessFor('admin', 'breaker.open')
  @Describes({ summary: 'Opens a circuit breaker', answer: BreakerShown })
  @Post(':id/open')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async open(@Param('id') key: string) {
    await this.assertKnown(key);
    await this.engine.policies.holdBreaker(key);
    return this.state(key);
  }

  /** Whoever has opened it; its failures are forgotten. */
  @AccessFor('admin', 'breaker.close')
  @Describes({ summary: 'Closes a circuit breaker', answer: BreakerShown })
  @Post(':id/close')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async close(@Param('id') key: string) {
    await this.assertKnown(key);
    await this.engine.policies.resetBreaker(key);
    return this.state(key);
  }

  private async state(key: string): Promise<AnswerOf<typeof BreakerShown> | undefined> {
    return breakerState({ ...closedBreaker(key), ...(await this.engine.policies.breaker(key)) });
  }

  private async assertKnown(key: string): Promise<void> {
    const { providers = [] } = (await this.catalogue.load()) ?? {};
    const provider = key.length <= MAX_KEY ? breakerName(key)?.provider : undefined;
    if (providers.some(({ id }) => id === provider)) return;
    const known = providers.map(({ id }) => id).join(', ') || 'none, because no worker is alive';
    throw new AppError(
      'model.unknown',
      `A circuit breaker is named provider/model, encoded as one part of the path; the providers here are: ${known}.`,
    );
  }
}
