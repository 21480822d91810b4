import { Controller, Get, Header } from '@nestjs/common';
import { z } from 'zod';
import { AccessFor } from '../auth/access.js';
import { type AnswerOf, Describes } from '../described/describes.js';
import { CachedCatalogue } from '../models/cached-catalogue.js';

const Providers = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      default_model: z.string(),
      /** Null until a worker has checked it. */
      health: z
        .object({
          ok: z.boolean(),
          latency_ms: z.number(),
          checked_at: z.string(),
          code: z.string().nullable(),
          detail: z.string().nullable(),
        })
        .nullable(),
      /** What its models have refused, and are asked without until then. */
      refused: z.array(z.object({ model: z.string(), feature: z.string(), until: z.string() })),
    }),
  ),
});

/** The providers as the workers have published them, with what their errors say, which may name an address. */
@Controller('admin/api/providers')
export class ProvidersController {
  constructor(private readonly catalogue: CachedCatalogue) {}

  @AccessFor('admin')
  @Describes({ summary: 'Lists the providers and their health', answer: Providers })
  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<AnswerOf<typeof Providers>> {
    const { providers = [], refusedFeatures = [] } = (await this.catalogue.load()) ?? {};
    return {
      data: providers.map(({ id, name, defaultModel, health }) => ({
        id,
        name,
        default_model: defaultModel,
        health: health
          ? {
              ok: health.ok,
              latency_ms: health.latencyMs,
              checked_at: health.checkedAt,
              code: health.code ?? null,
              detail: health.detail ?? null,
            }
          : null,
        refused: refusedFeatures
          .filter(({ provider }) => provider === id)
          .map(({ model, feature, until }) => ({ model, feature, until })),
      })),
    };
  }
}
