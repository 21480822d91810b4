import { z } from 'zod';
import type { Prisma } from '../generated/prisma/client.js';
import type { Database } from '../platform/database.js';

const PublishedProvider = z.object({
  id: z.string(),
  name: z.string(),
  defaultModel: z.string(),
  /** Ids to offer, without the provider's prefix. Older workers publish neither this nor the next. */
  models: z.array(z.string()).default([]),
  /** What its models can do, in the words of the provider spec. */
  capabilities: z.array(z.string()).default([]),
});

/** What one worker can call, as plain data. The API knows no provider: it reads this. */
export const PublishedCatalogue = z.object({
  defaultModel: z.string(),
  providers: z.array(PublishedProvider),
});
export type PublishedCatalogue = z.output<typeof PublishedCatalogue>;

/** Workers publish this often; what is older than three times as much is from a worker that is gone. */
export const CATALOGUE_PUBLISH_MS = 30_000;

export class CatalogueStore {
  constructor(private readonly db: Database) {}

  async publish(workerId: string, catalogue: PublishedCatalogue): Promise<void> {
    const payload = catalogue as Prisma.InputJsonObject;
    await this.db.prisma.catalogue.upsert({
      where: { workerId },
      create: { workerId, payload },
      update: { payload, publishedAt: new Date() },
    });
  }

  async withdraw(workerId: string): Promise<void> {
    await this.db.prisma.catalogue.deleteMany({ where: { workerId } });
  }

  /** What the living workers can call together; undefined while there is none. */
  async load(): Promise<PublishedCatalogue | undefined> {
    const rows = await this.db.prisma.catalogue.findMany({
      where: { publishedAt: { gt: new Date(Date.now() - 3 * CATALOGUE_PUBLISH_MS) } },
      orderBy: { publishedAt: 'desc' },
    });
    const catalogues = rows.map((row) => PublishedCatalogue.parse(row.payload));
    const [newest] = catalogues;
    if (!newest) return undefined;
    // Oldest first: where two workers know the same provider, the one that published last is right.
    const entries = catalogues.toReversed().flatMap((entry) => entry.providers.map((one) => [one.id, one] as const));
    const providers = new Map(entries);
    return { defaultModel: newest.defaultModel, providers: [...providers.values()] };
  }
}
