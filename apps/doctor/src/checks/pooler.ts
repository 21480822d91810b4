import { isTransactionPooler, refusedParameters } from '#runtime';
import type { Check } from '../check.js';
import { fail, ok, skip } from '../finding.js';
import type { Installation } from '../installation.js';

const FIX = 'Set DATABASE_DIRECT_URL to the address of Postgres itself: docs/deploy.md, "Behind a connection pooler".';

/** Does `DATABASE_URL` lead to a pooler that cannot carry everything, and if so, is the address of Postgres itself known? */
export const pooler: Check<Installation> = {
  name: 'pooler',
  async run({ databaseUrl, directDatabaseUrl, redis }) {
    if (databaseUrl === undefined) return [];
    const inTransactionMode = await isTransactionPooler(databaseUrl).catch(() => undefined);
    if (inTransactionMode === undefined) return [skip('Postgres cannot be reached.')];
    if (redis === undefined && directDatabaseUrl !== undefined) {
      const refused = await refusedParameters(directDatabaseUrl);
      if (refused !== undefined) return [fail(`one that refuses the connections of the queue: ${refused}`, FIX)];
    }
    if (!inTransactionMode) return [ok('none, or one in session mode, which is like Postgres itself')];
    if (directDatabaseUrl !== databaseUrl) {
      return [ok('one in transaction mode; DATABASE_DIRECT_URL is used for what it does not support')];
    }
    return [fail('one in transaction mode: no process starts without the address of Postgres itself', FIX)];
  },
};
