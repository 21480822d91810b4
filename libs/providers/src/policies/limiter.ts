import { randomUUID } from 'node:crypto';
import type { ModelRef } from '../spec/model-ref.js';
import { sleep } from '../timing/sleep.js';
import type { ScopedLimits } from './call-rules.js';
import { POLICY_DEFAULTS } from '../spec/policy-config.js';
import type { LimitWaits } from './limit-waits.js';
import type { Permit, PolicyState, RateBooking } from './policy-state.js';
import { refusal } from './refusal.js';

/** A place within the limits, held for one call. */
export interface Place {
  /** Releases the place; `tokens` is what the call used. Does not wait for the shared state. */
  leave(tokens: number): void;
}

/** The caller, the estimated number of tokens, how long the call may wait, and where its wait is counted. */
export interface Booking {
  readonly ref: ModelRef;
  readonly tokens: number;
  readonly queueMs: number;
  readonly waits?: Pick<LimitWaits, 'begin' | 'hold'> | undefined;
}

/** A worker that dies holds its places for at most this long. */
const PERMIT_TTL_MS = 30_000;

/** Between two checks for a free place: the first and the longest interval. */
const LOOK_MS = { first: 20, last: 250 };

const NO_LIMITS: Place = { leave: () => undefined };

/**
 * Waits for a place within all limits.
 * @throws ProviderError `rate_limited` at once when the wait would be longer than `queueMs`, `timeout` when it was
 */
export async function enter(
  state: PolicyState,
  scopes: readonly ScopedLimits[],
  booking: Booking,
  signal: AbortSignal,
): Promise<Place> {
  if (scopes.length === 0) return NO_LIMITS;
  const start = performance.now();
  const permits = await takePermits(state, scopes, booking, signal);
  let renewal: Promise<unknown> | undefined;
  const renewing = permits.length > 0 ? setInterval(renew, PERMIT_TTL_MS / 3) : undefined;
  function renew(): void {
    renewal = Promise.all(permits.map((one) => take(state, one)));
  }
  function release(): void {
    for (const { permit } of permits) void state.release(permit);
  }
  const ends = permits.map(({ scope }) => booking.waits?.hold(scope));
  const free = (): void => {
    clearInterval(renewing);
    for (const end of ends) end?.();
    // A renewal after the release would hold a place that nothing uses.
    if (renewal) void renewal.then(release);
    else release();
  };
  try {
    const leftMs = Math.max(0, booking.queueMs - (performance.now() - start));
    await book(state, scopes, { ...booking, queueMs: leftMs }, signal);
  } catch (error) {
    free();
    throw error;
  }
  return {
    leave(tokens) {
      free();
      const corrections = tokenBookings(scopes, tokens - booking.tokens);
      if (corrections.length > 0 && tokens !== booking.tokens) void state.correct(corrections);
    },
  };
}

interface Held {
  readonly scope: string;
  readonly permit: Permit;
  readonly limit: number;
}

async function takePermits(
  state: PolicyState,
  scopes: readonly ScopedLimits[],
  booking: Booking,
  signal: AbortSignal,
): Promise<readonly Held[]> {
  const holder = randomUUID();
  const held: Held[] = [];
  const until = performance.now() + booking.queueMs;
  try {
    for (const { scope, limits } of scopes) {
      if (limits.concurrency === undefined) continue;
      const one = { scope, permit: { key: permitKey(scope), holder }, limit: limits.concurrency };
      if (!(await take(state, one))) {
        const taken = booking.waits?.begin(scope);
        await takeBefore(until, state, one, booking, signal).finally(taken);
      }
      held.push(one);
      signal.throwIfAborted();
    }
    return held;
  } catch (error) {
    for (const { permit } of held) void state.release(permit);
    throw error;
  }
}

/** Tries again and again, with jitter, so that the workers do not all check at the same moment. */
async function takeBefore(
  until: number,
  state: PolicyState,
  one: Held,
  { ref, queueMs }: Booking,
  signal: AbortSignal,
): Promise<void> {
  let wait = LOOK_MS.first;
  do {
    const leftMs = until - performance.now();
    if (leftMs <= 0) throw waitedTooLong(ref, one, queueMs);
    await sleep(Math.min(leftMs, wait * (0.5 + Math.random())), signal);
    wait = Math.min(LOOK_MS.last, wait * 1.5);
  } while (!(await take(state, one)));
}

const take = (state: PolicyState, { permit, limit }: Held): Promise<boolean> =>
  state.acquire(permit, limit, PERMIT_TTL_MS);

function waitedTooLong(ref: ModelRef, { permit, limit }: Held, queueMs: number) {
  const detail = `waited ${queueMs} ms for one of the ${limit} calls at once that ${ownerOf(permit.key)} takes (phase queue)`;
  return refusal('timeout', { ref, phase: 'queue', detail });
}

/** Takes a place in the minute, and waits until it has come. Unused bookings are returned. */
async function book(
  state: PolicyState,
  scopes: readonly ScopedLimits[],
  { ref, tokens, queueMs }: Booking,
  signal: AbortSignal,
): Promise<void> {
  const bookings = [...requestBookings(scopes, 1), ...tokenBookings(scopes, tokens)];
  if (bookings.length === 0) return;
  const { booked, waitMs } = await state.book(bookings, queueMs);
  if (!booked) {
    const limits = bookings.map(({ key, perMinute }) => `${perMinute} a minute (${key})`).join(', ');
    const detail = `not asked: no place for another ${Math.ceil(waitMs)} ms within the configured limits, ${limits}`;
    throw refusal('rate_limited', { ref, detail, retryAfterMs: Math.ceil(waitMs) });
  }
  try {
    signal.throwIfAborted();
    if (waitMs > 0) await sleep(waitMs, signal);
  } catch (error) {
    void state.correct(bookings.map((booking) => ({ ...booking, cost: -booking.cost })));
    throw error;
  }
}

/** The keys of a scope's limits in the shared state. */
const permitKey = (scope: string): string => `${scope}/calls`;
const requestsKey = (scope: string): string => `${scope}/requests`;
const tokensKey = (scope: string): string => `${scope}/tokens`;

const requestBookings = (scopes: readonly ScopedLimits[], cost: number): RateBooking[] =>
  scopes.flatMap(({ scope, limits: { requestsPerMinute: perMinute, burst } }) =>
    perMinute === undefined
      ? []
      : [{ key: requestsKey(scope), perMinute, burst: requestBurst(perMinute, burst), cost }],
  );

const tokenBookings = (scopes: readonly ScopedLimits[], cost: number): RateBooking[] =>
  scopes.flatMap(({ scope, limits: { tokensPerMinute: perMinute, burst } }) =>
    perMinute === undefined ? [] : [{ key: tokensKey(scope), perMinute, burst: perMinute * share(burst), cost }],
  );

const requestBurst = (perMinute: number, burst: number | undefined): number => Math.max(1, perMinute * share(burst));
const share = (burst: number | undefined): number => burst ?? POLICY_DEFAULTS.limits.burst;
const ownerOf = (key: string): string => key.slice(0, key.lastIndexOf('/'));

/** One limit of a model or a provider, and its key in the shared state. */
export type NamedLimit = {
  /** `provider/<id>` or `model/<public name>`. */
  readonly scope: string;
  readonly key: string;
} & (
  | { readonly kind: 'concurrency'; readonly most: number }
  /** `burst`: how many may go at once after a pause. */
  | { readonly kind: 'requests' | 'tokens'; readonly perMinute: number; readonly burst: number }
);

export const namedLimits = ({ scope, limits }: ScopedLimits): NamedLimit[] => [
  ...(limits.concurrency === undefined
    ? []
    : [{ scope, kind: 'concurrency' as const, key: permitKey(scope), most: limits.concurrency }]),
  ...requestBookings([{ scope, limits }], 0).map(({ cost: _cost, ...rate }) => ({
    scope,
    kind: 'requests' as const,
    ...rate,
  })),
  ...tokenBookings([{ scope, limits }], 0).map(({ cost: _cost, ...rate }) => ({
    scope,
    kind: 'tokens' as const,
    ...rate,
  })),
];
