import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.js';
import { keptFor } from '../platform/kept-for.js';
import { runCheck, stateOf } from '../platform/run-check.js';
import { schemaProblem } from '../platform/schema-version.js';

/** Everybody may ask: each process looks once in this time. */
const LOOKS_EVERY_MS = 1_000;

export interface SchemaState {
  readonly state: 'ok' | 'unavailable' | 'outdated';
  /** In words, with what to do; absent unless the schema is outdated. */
  readonly problem?: string;
}

/** Whether the database has the migrations that this version needs. The answer may be a second old. */
@Injectable()
export class SchemaCheck {
  readonly look = keptFor(LOOKS_EVERY_MS, () => this.ask());

  constructor(private readonly database: Database) {}

  private async ask(): Promise<SchemaState> {
    const { ok, value: problem } = await runCheck(() => schemaProblem(this.database.system));
    return problem === undefined ? { state: stateOf({ ok }) } : { state: 'outdated', problem };
  }
}
