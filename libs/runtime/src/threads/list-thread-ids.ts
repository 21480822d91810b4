import type { AuthContext } from '../auth/auth-context.js';
import type { Database } from '../platform/database.js';

const NEWEST = 100;

/** Ids of the caller's newest threads and of their items, in order, and every item id that occurs twice in any threads. */
export interface ThreadIds {
  readonly threads: readonly {
    readonly id: string;
    readonly items: readonly { readonly id: string; readonly type: string }[];
  }[];
  readonly duplicates: readonly string[];
}

export async function listThreadIds(db: Database, auth: AuthContext): Promise<ThreadIds> {
  const threads = await db.of(auth).prisma((prisma) =>
    prisma.thread.findMany({
      where: { tenantId: auth.tenantId, ownerId: auth.userId },
      orderBy: { position: 'desc' },
      take: NEWEST,
      select: { id: true, items: { select: { id: true, type: true }, orderBy: { position: 'asc' } } },
    }),
  );
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const { id } of threads.flatMap((thread) => thread.items)) {
    if (seen.has(id)) duplicates.add(id);
    seen.add(id);
  }
  return { threads, duplicates: [...duplicates] };
}
