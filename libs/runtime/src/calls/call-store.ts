import { Injectable } from '@nestjs/common';
import type { AuthContext } from '../auth/auth-context.js';
import type { Prisma } from '../generated/prisma/client.js';
import type { CallModel } from '../generated/prisma/models.js';
import { Database, type Queryable, type RowOwner } from '../platform/database.js';
import { nullable, prepared, query, text, unprepared } from '../platform/statement.js';
import { withCounters } from '../quotas/quota-counters.js';
import { quotaError } from '../quotas/quota-refusal.js';
import {
  QUOTA,
  type QuotaPlace,
  RESERVED_COLUMNS,
  reservedValues,
  takingSql,
  takingValues,
} from '../quotas/quota-sql.js';
import type { RunSize } from '../quotas/quotas.js';
import { callSize, speechSize } from '../quotas/run-size.js';
import { RunLimits } from '../runs/limits.js';
import type { RunContext } from '../runs/run.js';
import { type AssistantCall, type CallKind, calls, isCallKind, StoredReply } from './call.js';

/** A call whose caller has died is deleted after this long. */
const CALL_KEPT_MS = 5 * 60_000;

/** Stands for the instance that waits where none does. */
const NOBODY = '';

export interface NewCall {
  readonly callId: string;
  readonly kind: CallKind;
  readonly assistantId: string;
  readonly payload: unknown;
  readonly context: RunContext;
  /** The API instance that waits. */
  readonly askedBy: string;
}

const COLUMNS = 'id, tenant_id, owner_id, kind, assistant_id, payload, context, asked_by';
const VALUES = '$1, $2, $3, $4, $5, $6::json, $7::json, $8';
const QUOTAS: QuotaPlace = { first: 9, tenant: '$2' };

const ASK = prepared('call-ask', `INSERT INTO calls (${COLUMNS}) VALUES (${VALUES})`);

const ASK_WITHIN_QUOTAS = prepared(
  'call-ask-quota',
  `
    WITH room AS (SELECT NULL::text AS refused, true AS has_room), ${takingSql(QUOTAS, true)}, asked AS (
      INSERT INTO calls (${COLUMNS}${RESERVED_COLUMNS}) SELECT ${VALUES}${reservedValues(QUOTAS)} FROM verdict WHERE refused IS NULL
    )
    SELECT refused, quota FROM verdict`,
  { refused: nullable(text<'quota' | 'quota_unknown'>()), quota: QUOTA },
);

function sizeOf({ kind, payload }: NewCall): RunSize {
  return kind === 'transcribe' ? speechSize(calls.transcribe.payload.parse(payload).audioBase64) : callSize(payload);
}

type CallOwner = Pick<AssistantCall, 'callId' | 'tenantId' | 'ownerId'>;

/** Stores calls as rows: they hold what must not be in a queue's job. */
@Injectable()
export class CallStore {
  constructor(
    private readonly db: Database,
    private readonly limits?: RunLimits,
  ) {}

  /** Stores the call, and reserves what it may use until it is answered. Throws `AppError` `quota.exceeded`; then nothing is stored. */
  async ask(auth: AuthContext, call: NewCall): Promise<void> {
    const { callId, kind, assistantId, payload, context, askedBy } = call;
    const quotas = this.limits?.quotas;
    const db = this.db.of(auth);
    const json = [JSON.stringify(payload), JSON.stringify(context)];
    const values = [callId, auth.tenantId, auth.userId, kind, assistantId, ...json, askedBy];
    if (!quotas) return void (await query(db, ASK, values));
    await withCounters(this.db, quotas, auth, async () => {
      const { rows } = await query(db, ASK_WITHIN_QUOTAS, [...values, ...takingValues(quotas, auth, sizeOf(call))]);
      const [row] = rows;
      if (row?.refused) throw quotaError(row.refused, row.quota);
    });
  }

  /**
   * Takes a call to answer it. Returns undefined when its caller has given up or it was taken before: a click is handled at
   * most once, even when its job is delivered twice. A job does not say whose call it is. Throws for a call that this version cannot read.
   */
  async take(callId: string): Promise<AssistantCall | undefined> {
    const [row] = await this.db.system.prisma((prisma) =>
      prisma.call.updateManyAndReturn({
        where: { id: callId, state: 'asked' },
        data: { state: 'working' },
      }),
    );
    return row && toCall(row);
  }

  /** Writes the reply, and releases what was reserved. Returns the instance to notify, or undefined when none waits any more. */
  async answer({ callId, tenantId, ownerId }: CallOwner, reply: StoredReply): Promise<string | undefined> {
    const [row] = await this.db.of({ tenantId, userId: ownerId }).prisma((prisma) =>
      prisma.call.updateManyAndReturn({
        where: { id: callId, state: 'working' },
        data: { state: 'answered', reply: reply as Prisma.InputJsonObject },
        select: { askedBy: true },
      }),
    );
    if (row?.askedBy !== NOBODY) return row?.askedBy;
    await this.forget({ tenantId, userId: ownerId }, callId);
    return undefined;
  }

  /** Returns the reply, or undefined while there is none. */
  async reply(auth: AuthContext, callId: string): Promise<StoredReply | undefined> {
    const row = await this.db
      .of(auth)
      .prisma((prisma) => prisma.call.findFirst({ where: { id: callId, state: 'answered' } }));
    return row ? StoredReply.parse(row.reply) : undefined;
  }

  /**
   * Deletes a call for which nobody waits any more. One that a worker is still answering holds its reservation until then, and
   * nothing else: the worker deletes it.
   */
  async forget(owner: RowOwner, callId: string): Promise<void> {
    await query(this.db.of(owner), FORGET, [callId]);
  }
}

/** The row is locked first: a worker that takes or answers the call at this moment changes which of the two holds. */
const FORGET = prepared(
  'call-forget',
  `WITH held AS MATERIALIZED (SELECT id, state FROM calls WHERE id = $1 FOR UPDATE),
   over AS (DELETE FROM calls USING held WHERE calls.id = held.id AND held.state <> 'working')
   UPDATE calls SET asked_by = '${NOBODY}', payload = 'null', context = 'null' FROM held
   WHERE calls.id = held.id AND held.state = 'working'`,
);

const FORGET_OLD = unprepared('calls-forget-old', `DELETE FROM calls WHERE created_at < now() - $1 * interval '1 ms'`);

/** Returns how many were deleted. */
export async function forgetOldCalls(db: Queryable): Promise<number> {
  const { rowCount } = await query(db, FORGET_OLD, [CALL_KEPT_MS]);
  return rowCount ?? 0;
}

function toCall(row: CallModel): AssistantCall {
  if (!isCallKind(row.kind)) throw new Error(`this version knows no call of the kind ${row.kind}`);
  return {
    callId: row.id,
    tenantId: row.tenantId,
    ownerId: row.ownerId,
    kind: row.kind,
    assistantId: row.assistantId,
    payload: calls[row.kind].payload.parse(row.payload),
    context: row.context as RunContext,
  } as AssistantCall;
}
