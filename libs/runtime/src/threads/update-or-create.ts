import { Prisma } from '../generated/prisma/client.js';

/**
 * Saves a row that only its owner may overwrite. Returns false when the id belongs to another user, whose rows do not exist
 * for this caller. Prisma's upsert has no `where` for that.
 */
export async function updateOrCreate(
  update: () => Promise<{ readonly count: number }>,
  create: () => Promise<unknown>,
): Promise<boolean> {
  if ((await update()).count > 0) return true;
  try {
    await create();
    return true;
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
  }
  // A concurrent request of the same caller may have created it.
  return (await update()).count > 0;
}
