import { expect } from 'vitest';
import { Database } from '#runtime';
import { expectLedgerExact, ledgerOf } from '../../runtime/support/ledger.js';
import { storesOf } from '../../support/stores.js';
import type { Fleet } from './fleet.js';

/** Counted, and far above what any test uses. */
export const QUOTAS =
  'quotas: { reserve: { tokens: 1000 }, perUser: { tokensPerDay: 1000000000 }, perTenant: { tokensPerMonth: 1000000000 } }';

/** That the quotas count what the runs have used, that this is something, and that nothing is reserved for runs that have ended. */
export async function expectSettledLedger({ variables }: Fleet): Promise<void> {
  const db = new Database(storesOf(variables).databaseUrl, { maxConnections: 1, name: 'ledger' });
  const ledger = await ledgerOf(db, 'default');
  await db.close();
  expectLedgerExact(ledger);
  const [tenant] = ledger;
  expect([tenant?.owner, tenant?.counted.slice(4)]).toEqual(['', [0, 0]]);
  expect(tenant?.counted[0]).toBeGreaterThan(0);
}
