import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RunAdmission } from '../admission/run-admission.js';
import { DeletedFiles } from '../attachments/deleted-files.js';
import { actorName } from '../audit/actor-name.js';
import { UserReferences } from '../credentials/user-references.js';
import { EventEngine } from '../events/event-engine.js';
import { Database } from '../platform/database.js';
import { query, type Statement } from '../platform/statement.js';
import type { Owner } from '../runs/release.js';
import { eraseThreads } from './erase-threads.js';
import {
  ANONYMISE,
  COMPLETIONS,
  COUNT,
  DELETE_ATTACHMENTS,
  DELETE_CALLS,
  DELETE_COMPLETIONS,
  FORGET_QUOTAS,
  MAY_RENAME_ACTORS,
  RECORD,
  RENAME_ACTORS,
  RENAME_KEY_MAKERS,
  THREADS,
} from './erase-statements.js';

/** Rows that were deleted, and rows of usage that name nobody now. */
export interface ErasureCounts {
  readonly threads: number;
  /** Turns and actions of the threads, and completions. */
  readonly runs: number;
  readonly attachments: number;
  readonly assistantCalls: number;
  readonly anonymisedUsage: number;
}

export interface ErasureReceipt extends ErasureCounts {
  readonly id: string;
}

/** Erases everything that is stored of one user of one tenant. */
@Injectable()
export class Erasure {
  constructor(
    private readonly db: Database,
    private readonly engine: EventEngine,
    private readonly deletedFiles: DeletedFiles,
    private readonly admission: RunAdmission,
    private readonly references: UserReferences,
  ) {}

  /**
   * Stops the user's open runs, deletes threads, completions, attachments with their bytes and the copies in the run log, and
   * makes the rows of usage anonymous, and what the user did as an administrator. Bytes are last: an outage of the files leaves nothing else behind. What a worker that was
   * just stopped may still write is erased by the workers (`finishErasures`). A call that failed half-way is repeated: what is
   * gone already is not missed. Rejects when an engine or the files are unavailable.
   */
  async eraseUser(owner: Owner): Promise<ErasureReceipt> {
    const id = `era_${randomUUID()}`;
    const values = [owner.tenantId, owner.ownerId];
    const { rows } = await query(this.db.system, RECORD, [
      ...values,
      id,
      this.references.of(owner.tenantId, owner.ownerId),
    ]);
    for (const runId of rows[0]?.lateIds ?? []) await this.admission.requestStop(runId);
    const attachments = await this.eraseAttachments(values);
    const { threads, runs } = await this.eraseThreads(values);
    const counts: ErasureCounts = {
      threads,
      runs: runs + (await this.eraseCompletions(values)),
      attachments,
      assistantCalls: await this.count(DELETE_CALLS, values),
      anonymisedUsage: await this.count(ANONYMISE, values),
    };
    await query(this.db.system, FORGET_QUOTAS, values);
    await this.renameActor(owner);
    await this.engine.cache.clear();
    await query(this.db.system, COUNT, [id, JSON.stringify(counts)]);
    await this.deletedFiles.removeAll();
    return { id, ...counts };
  }

  private async renameActor({ tenantId, ownerId }: Owner): Promise<void> {
    const values = [actorName(tenantId, ownerId), this.references.of(tenantId, ownerId)];
    await this.db.system.transaction(async (tx) => {
      await query(tx, MAY_RENAME_ACTORS);
      await query(tx, RENAME_ACTORS, values);
      await query(tx, RENAME_KEY_MAKERS, values);
    });
  }

  private async eraseThreads(owner: readonly string[]): Promise<Pick<ErasureCounts, 'threads' | 'runs'>> {
    let [threads, runs] = [0, 0];
    for (;;) {
      const ids = await this.idsOf(THREADS, owner);
      if (ids.length === 0) return { threads, runs };
      runs += await eraseThreads(this.db.system, this.engine, ids);
      threads += ids.length;
    }
  }

  private async eraseCompletions(owner: readonly string[]): Promise<number> {
    for (let total = 0; ;) {
      const ids = await this.idsOf(COMPLETIONS, owner);
      if (ids.length === 0) return total;
      await this.engine.log.delete(ids);
      await query(this.db.system, DELETE_COMPLETIONS, [ids]);
      total += ids.length;
    }
  }

  private async eraseAttachments(owner: readonly string[]): Promise<number> {
    for (let total = 0; ;) {
      const deleted = await this.count(DELETE_ATTACHMENTS, owner);
      if (deleted === 0) return total;
      total += deleted;
    }
  }

  private async idsOf(statement: Statement<{ id: string }>, values: readonly unknown[]): Promise<string[]> {
    const { rows } = await query(this.db.system, statement, [...values]);
    return rows.map(({ id }) => id);
  }

  private async count(statement: Statement, values: readonly string[]): Promise<number> {
    const { rowCount } = await query(this.db.system, statement, [...values]);
    return rowCount ?? 0;
  }
}
