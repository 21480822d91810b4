import type { PolicyState } from '#providers';

/**
 * The shared state under other names for some keys: what a tenant's own account does not allow any more says nothing of the
 * configuration's account, or of another tenant's.
 */
export function scopedPolicyState(
  state: PolicyState,
  isOwn: (providerId: string) => boolean,
  scope: string,
): PolicyState {
  // Keys begin with the id of a provider.
  const keyOf = (key: string): string => (isOwn(key.split('/', 1)[0] ?? '') ? `${scope}${key}` : key);
  // Those of limits with `provider/` and that id, or with `model/` and a public name.
  const limitKeyOf = (key: string): string => {
    const [of, id = ''] = key.split('/', 2);
    return of === 'provider' && isOwn(id) ? `${scope}${key}` : key;
  };
  const scoped = <Keyed extends { readonly key: string }>(keyed: Keyed): Keyed => ({
    ...keyed,
    key: limitKeyOf(keyed.key),
  });
  return {
    book: (bookings, maxWaitMs) => state.book(bookings.map(scoped), maxWaitMs),
    correct: (bookings) => state.correct(bookings.map(scoped)),
    acquire: (permit, limit, ttlMs) => state.acquire(scoped(permit), limit, ttlMs),
    release: (permit) => state.release(scoped(permit)),
    breaker: (key) => state.breaker(keyOf(key)),
    countFailure: (key, rule, failure) => state.countFailure(keyOf(key), rule, failure),
    takeProbe: (key, ttlMs) => state.takeProbe(keyOf(key), ttlMs),
    releaseProbe: (key) => state.releaseProbe(keyOf(key)),
    closeBreaker: (key) => state.closeBreaker(keyOf(key)),
    setAside: (key, forMs) => state.setAside(keyOf(key), forMs),
    asideFor: (keys) => state.asideFor(keys.map(keyOf)),
  };
}
