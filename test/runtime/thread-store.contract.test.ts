import { PrismaThreadStore } from '#runtime';
import { threadStoreContract } from './support/thread-store-contract.js';
import { openWorld } from './support/world.js';

threadStoreContract('Prisma', async () => {
  const world = await openWorld();
  return { store: new PrismaThreadStore(world.db), close: () => world.close() };
});
