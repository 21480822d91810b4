import { Injectable } from '@nestjs/common';
import type { AuthContext } from '../auth/auth-context.js';
import { Database, type Queryable } from '../platform/database.js';
import type { RunContext } from '../runs/run.js';
import { type AssistantCall, type CallKind, calls, isCallKind, StoredReply } from './call.js';

/** A call that nobody took back, because its asker is gone, is dropped after this long. */
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

interface CallRow {
  id: string;
  tenant_id: string;
  owner_id: string;
  kind: string;
  assistant_id: string;
  payload: unknown;
  context: RunContext;
}

/** The rows of calls: they carry what a job in the queue must not. */
@Injectable()
export class CallStore {
  constructor(private readonly db: Database) {}

  async ask(auth: AuthContext, call: NewCall): Promise<void> {
    await this.db.pool.query({
      name: 'call-ask',
      text: `INSERT INTO calls (id, tenant_id, owner_id, kind, assistant_id, payload, context, asked_by)
             VALUES ($1, $2, $3, $4, $5, $6::json, $7::json, $8)`,
      values: [
        call.callId,
        auth.tenantId,
        auth.userId,
        call.kind,
        call.assistantId,
        JSON.stringify(call.payload),
        JSON.stringify(call.context),
        call.askedBy,
      ],
    });
  }

  /**
   * Takes a call to be answered. Undefined: its asker has given up, or it was taken before: a click is handled at most
   * once, also when its job is delivered twice. Throws for a call that this version cannot read.
   */
  async take(callId: string): Promise<AssistantCall | undefined> {
    const { rows } = await this.db.pool.query<CallRow>({
      name: 'call-take',
      text: `UPDATE calls SET state = 'working' WHERE id = $1 AND state = 'asked'
             RETURNING id, tenant_id, owner_id, kind, assistant_id, payload, context`,
      values: [callId],
    });
    return rows[0] && toCall(rows[0]);
  }

  /** Writes the reply. Returns the instance to poke; undefined when nobody waits any more. */
  async answer(callId: string, reply: StoredReply): Promise<string | undefined> {
    const { rows } = await this.db.pool.query<{ asked_by: string }>({
      name: 'call-answer',
      text: `UPDATE calls SET state = 'answered', reply = $2::json WHERE id = $1 AND state = 'working' RETURNING asked_by`,
      values: [callId, JSON.stringify(reply)],
    });
    return rows[0]?.asked_by;
  }

  /** The reply; undefined while there is none. */
  async reply(callId: string): Promise<StoredReply | undefined> {
    const { rows } = await this.db.pool.query<{ reply: unknown }>({
      name: 'call-reply',
      text: `SELECT reply FROM calls WHERE id = $1 AND state = 'answered'`,
      values: [callId],
    });
    return rows[0] && StoredReply.parse(rows[0].reply);
  }

  async forget(callId: string): Promise<void> {
    await this.db.pool.query({ name: 'call-forget', text: `DELETE FROM calls WHERE id = $1`, values: [callId] });
  }
}

/** Returns how many there were. */
export async function forgetOldCalls(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(`DELETE FROM calls WHERE created_at < now() - $1 * interval '1 ms'`, [
    CALL_KEPT_MS,
  ]);
  return rowCount ?? 0;
}

function toCall(row: CallRow): AssistantCall {
  if (!isCallKind(row.kind)) throw new Error(`this version knows no call of the kind ${row.kind}`);
  return {
    callId: row.id,
    tenantId: row.tenant_id,
    ownerId: row.owner_id,
    kind: row.kind,
    assistantId: row.assistant_id,
    payload: calls[row.kind].payload.parse(row.payload),
    context: row.context,
  } as AssistantCall;
}
