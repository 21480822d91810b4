import { Controller, Get, Header } from '@nestjs/common';
import { type Catalogue, Database, EventEngine, type PublishedLimit } from '#runtime';
import { limitsInUse, listWorkers } from '#runtime/api';
import { AccessFor } from '../auth/access.js';
import { ApiConfig } from '../config.js';
import { Describes } from '../described/describes.js';
import { CachedCatalogue } from '../models/cached-catalogue.js';
import {
  attachmentsInUse,
  keysOf,
  LimitsAnswer,
  type LimitUse,
  quotasInUse,
  runsInUse,
  scopesInUse,
} from './limits-answer.js';

/** How far the limits of calls, runs, attachments and quotas are used now. */
@Controller('admin/api/limits')
export class LimitsController {
  constructor(
    private readonly db: Database,
    private readonly engine: EventEngine,
    private readonly catalogue: CachedCatalogue,
    private readonly config: ApiConfig,
  ) {}

  @AccessFor('admin')
  @Describes({ summary: 'Shows how far limits and quotas are used', answer: LimitsAnswer })
  @Get()
  @Header('cache-control', 'no-store')
  async show(): Promise<LimitsAnswer> {
    const { limits } = this.config;
    const offered = await this.catalogue.load();
    const [inUse, workers, calls, pausedKeys] = await Promise.all([
      limitsInUse(this.db, limits),
      listWorkers(this.db.system),
      this.uses(offered?.limits ?? []),
      this.pausedKeys(offered),
    ]);
    return {
      calls: scopesInUse(calls, workers),
      paused_keys: pausedKeys,
      runs: runsInUse(inUse, limits),
      attachments: attachmentsInUse(workers),
      quotas: quotasInUse(inUse.quotas),
    };
  }

  private async uses(limits: readonly PublishedLimit[]): Promise<LimitUse[]> {
    const keys = limits.map(({ key }) => key);
    const [held, booked] = await Promise.all([this.engine.policies.held(keys), this.engine.policies.bookedFor(keys)]);
    return limits.map((limit, index) => ({ limit, held: held[index] ?? 0, bookedMs: booked[index] }));
  }

  private async pausedKeys(offered: Catalogue | undefined): Promise<LimitsAnswer['paused_keys']> {
    const keys = offered ? keysOf(offered) : [];
    const left = await this.engine.policies.asideFor(keys.map(({ provider, key }) => `${provider}/${key}`));
    return keys.map((one, index) => ({ ...one, for_ms: left[index] ?? 0 })).filter(({ for_ms: ms }) => ms > 0);
  }
}
