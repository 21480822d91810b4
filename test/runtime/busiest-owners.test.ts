import { expect, it } from 'vitest';
import { listBusiestOwners } from '../../libs/runtime/src/administration/busiest-owners.js';
import { aTurn, auth, lifecycleOf, useWorld } from './support/world.js';

const world = useWorld();

it('whole tenants are listed only on demand: they take the places of users', async () => {
  const { lifecycle } = lifecycleOf(world);
  for (const tenant of ['north', 'south']) await lifecycle.admit(auth('ada', tenant), aTurn());
  const listed = async (withTenants: boolean) =>
    (await listBusiestOwners(world.db.system, withTenants)).map(({ tenant, user }) => [tenant, user]);
  expect(await listed(false)).toEqual([
    ['north', 'ada'],
    ['south', 'ada'],
  ]);
  expect(await listed(true)).toEqual([
    ['north', null],
    ['north', 'ada'],
    ['south', null],
    ['south', 'ada'],
  ]);
});
