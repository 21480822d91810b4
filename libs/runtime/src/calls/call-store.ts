import { Injectable } from '@nestjs/common';
import type { AuthContext } from '../auth/auth-context.js';
import type { Prisma } from '../generated/prisma/client.js';
import type { CallModel } from '../generated/prisma/models.js';
import { Database, type Queryable } from '../platform/database.js';
import { query, unprepared } from '../platform/statement.js';
import type { RunContext } from '../runs/run.js';
import { type AssistantCall, type CallKind, calls, isCallKind, StoredReply } from './call.js';

/** A call whose caller has died is deleted after this long. */
const CALL_KEPT_MS = 5 * 60_000;

export interface NewCall {
  readonly callId: string;
  readonly kind: CallKind;
  readonly assistantId: string;
  readonly payload: unknown;
  readonly context: RunContext;
  /** The API instance that waits. */
  readonly askedBy: string;
}

/** Stores calls as rows: they hold what must not be in a queue's job. */
@Injectable()
export class CallStore {
  constructor(private readonly db: Database) {}

  async ask(auth: AuthContext, { callId, kind, assistantId, payload, context, askedBy }: NewCall): Promise<void> {
    const owner = { tenantId: auth.tenantId, ownerId: auth.userId };
    const json = { payload: payload as Prisma.InputJsonValue, context: context as Prisma.InputJsonObject };
    await this.db.prisma.call.create({ data: { id: callId, ...owner, kind, assistantId, ...json, askedBy } });
  }

  /**
   * Takes a call to answer it. Returns undefined when its caller has given up or it was taken before: a click is handled at
   * most once, even when its job is delivered twice. Throws for a call that this version cannot read.
   */
  async take(callId: string): Promise<AssistantCall | undefined> {
    const [row] = await this.db.prisma.call.updateManyAndReturn({
      where: { id: callId, state: 'asked' },
      data: { state: 'working' },
    });
    return row && toCall(row);
  }

  /** Writes the reply. Returns the instance to notify, or undefined when none waits any more. */
  async answer(callId: string, reply: StoredReply): Promise<string | undefined> {
    const [row] = await this.db.prisma.call.updateManyAndReturn({
      where: { id: callId, state: 'working' },
      data: { state: 'answered', reply: reply as Prisma.InputJsonObject },
      select: { askedBy: true },
    });
    return row?.askedBy;
  }

  /** Returns the reply, or undefined while there is none. */
  async reply(callId: string): Promise<StoredReply | undefined> {
    const row = await this.db.prisma.call.findFirst({ where: { id: callId, state: 'answered' } });
    return row ? StoredReply.parse(row.reply) : undefined;
  }

  async forget(callId: string): Promise<void> {
    await this.db.prisma.call.deleteMany({ where: { id: callId } });
  }
}

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
