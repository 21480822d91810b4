import { z } from 'zod';
import { type Catalogue, PublicQuota, publicQuota, type PublishedLimit, type RunLimits } from '#runtime';
import type { BusyOwner, LimitsInUse, NearQuota, Worker } from '#runtime/api';

/** `allowed` null: no limit. */
const InUse = z.object({ used: z.number(), allowed: z.number().nullable() });

const Rate = z.object({
  per_minute: z.number(),
  /** What may go at once now. */
  free: z.number(),
  /** How long the next call has to wait. */
  wait_ms: z.number(),
});

const Scope = z.object({
  of: z.enum(['provider', 'model']),
  /** The provider's id, or the public name of a model. */
  name: z.string(),
  /** `waiting`: calls that wait for one of them, up to five seconds ago. */
  concurrency: z.object({ used: z.number(), allowed: z.number(), waiting: z.number() }).nullable(),
  requests: Rate.nullable(),
  tokens: Rate.nullable(),
});

/** What `GET /admin/api/limits` answers. Tokens, or millionths of the currency of the price table. */
export const LimitsAnswer = z.object({
  /** Those of the configuration, and how far they are used by all workers together. */
  calls: z.array(Scope),
  /** Keys that a provider has refused, which are not used for so long; by their fingerprints. */
  paused_keys: z.array(z.object({ provider: z.string(), key: z.string(), for_ms: z.number() })),
  runs: z.object({
    queued: InUse,
    /** The users with the most open runs, and the tenants (`user` null) where runs of tenants are limited. */
    owners: z.array(
      z.object({
        tenant: z.string(),
        user: z.string().nullable(),
        active: InUse,
        queued: InUse,
      }),
    ),
  }),
  /** Bytes of attachments that workers hold for turns, and how many turns wait for theirs. */
  attachments: z.array(
    z.object({ worker: z.string(), used_bytes: z.number(), allowed_bytes: z.number(), waiting: z.number() }),
  ),
  quotas: z.object({
    data: z.array(z.object({ tenant: z.string(), user: z.string().nullable(), ...PublicQuota.shape })),
    /** Only the 20,000 users and tenants that asked last were looked at. */
    is_cut: z.boolean(),
  }),
});
export type LimitsAnswer = z.output<typeof LimitsAnswer>;

/** How far a limit of calls is used. */
export type LimitUse = { readonly limit: PublishedLimit; readonly held: number; readonly bookedMs: number | undefined };

export function scopesInUse(uses: readonly LimitUse[], workers: readonly Worker[]): LimitsAnswer['calls'] {
  return [...new Set(uses.map(({ limit }) => limit.scope))].map((scope) => {
    const own = uses.filter(({ limit }) => limit.scope === scope);
    const slash = scope.indexOf('/');
    return {
      of: scope.startsWith('model/') ? 'model' : 'provider',
      name: scope.slice(slash + 1),
      concurrency: own.map((use) => concurrencyOf(use, waitingFor(scope, workers))).find((one) => one) ?? null,
      requests: own.map((use) => rateOf(use, 'requests')).find((one) => one) ?? null,
      tokens: own.map((use) => rateOf(use, 'tokens')).find((one) => one) ?? null,
    };
  });
}

const waitingFor = (scope: string, workers: readonly Worker[]): number =>
  workers.reduce((sum, { load }) => sum + (load?.waits?.[scope] ?? 0), 0);

function concurrencyOf({ limit, held }: LimitUse, waiting: number) {
  return limit.kind === 'concurrency' ? { used: held, allowed: limit.most, waiting } : undefined;
}

const MINUTE_MS = 60_000;

/** One request is what the next call takes; its tokens are not known. */
function rateOf({ limit, bookedMs }: LimitUse, kind: 'requests' | 'tokens') {
  if (limit.kind !== kind) return undefined;
  const { perMinute, burst } = limit;
  const unitMs = MINUTE_MS / perMinute;
  const booked = Math.max(-burst * unitMs, bookedMs ?? -Infinity);
  const next = kind === 'requests' ? unitMs : 0;
  return {
    per_minute: perMinute,
    free: Math.max(0, Math.floor(-booked / unitMs + 1e-6)),
    wait_ms: Math.max(0, Math.ceil(booked + next - 0.01)),
  };
}

export const runsInUse = ({ backlog, owners }: LimitsInUse, limits: RunLimits): LimitsAnswer['runs'] => ({
  queued: { used: backlog.ready + backlog.waiting, allowed: limits.queuedRuns.global },
  owners: owners.map((owner) => ownerInUse(owner, limits)),
});

function ownerInUse({ tenant, user, active, queued }: BusyOwner, limits: RunLimits) {
  const scope = user === null ? 'perTenant' : 'perUser';
  return {
    tenant,
    user,
    active: { used: active, allowed: limits.activeRuns[scope] },
    queued: { used: queued, allowed: limits.queuedRuns[scope] },
  };
}

export const attachmentsInUse = (workers: readonly Worker[]): LimitsAnswer['attachments'] =>
  workers.flatMap(({ id, load }) =>
    load?.attachments
      ? [
          {
            worker: id,
            used_bytes: load.attachments.held,
            allowed_bytes: load.attachments.most,
            waiting: load.attachments.waiting,
          },
        ]
      : [],
  );

export const quotasInUse = (near: readonly NearQuota[]): LimitsAnswer['quotas'] => ({
  data: near.map(({ tenant, user, isCut: _isCut, ...quota }) => ({
    tenant,
    user: user === '' ? null : user,
    ...publicQuota({ ...quota, owner: user, secondsLeft: 0 }),
  })),
  is_cut: near.some(({ isCut }) => isCut),
});

/** The keys of all providers that have several. */
export const keysOf = ({ providers }: Pick<Catalogue, 'providers'>): { provider: string; key: string }[] =>
  providers.flatMap(({ id, keys = [] }) => keys.map((key) => ({ provider: id, key })));
