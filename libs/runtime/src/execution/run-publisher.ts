import { Injectable } from '@nestjs/common';
import { EventEngine } from '../events/event-engine.js';
import { Logger } from '../platform/logger.js';
import type { Append, Copy, Refusal } from '../events/run-log.js';
import { RunWriter, type RunWriterOptions } from './run-writer.js';

const RETRY_MS = 250;

/**
 * Appends the output of a worker's runs to the log: everything that they wrote in one event-loop turn is sent in one round
 * trip, with one message for each API instance that follows any of them. During a flush the next one is collected, so the
 * batch grows with the load and nothing is delayed when there is none.
 */
@Injectable()
export class RunPublisher {
  private readonly writers = new Map<string, RunWriter>();
  private readonly dirty = new Set<RunWriter>();
  private scheduled = false;
  private flushing = false;

  constructor(
    private readonly engine: EventEngine,
    private readonly logger: Logger,
  ) {}

  /** Starts the writer of an attempt. The caller closes it. */
  open(options: Omit<RunWriterOptions, 'onDirty'>): RunWriter {
    const writer = new RunWriter({ ...options, onDirty: (dirty) => this.mark(dirty) });
    this.writers.set(writer.runId, writer);
    return writer;
  }

  close(writer: RunWriter): void {
    writer.abandon();
    this.dirty.delete(writer);
    if (this.writers.get(writer.runId) === writer) this.writers.delete(writer.runId);
  }

  /** Reads the followers of the open runs from the bus again: of all runs, or of one that a reader has just joined. */
  async refreshReaders(runIds: readonly string[] = [...this.writers.keys()]): Promise<void> {
    const open = runIds.filter((runId) => this.writers.has(runId));
    if (open.length === 0) return;
    const readers = await this.engine.bus.readersOf(open);
    for (const runId of open) {
      const writer = this.writers.get(runId);
      if (writer) writer.readers = readers.get(runId) ?? [];
    }
  }

  private mark(writer: RunWriter): void {
    this.dirty.add(writer);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || this.flushing) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    this.flushing = true;
    const batch = [...this.dirty].map((writer) => ({ writer, entries: writer.take() }));
    this.dirty.clear();
    try {
      const entries = batch.flatMap((part) => part.entries);
      const refusals = entries.length > 0 ? await this.engine.log.append(entries, copiesOf(batch)) : [];
      for (const part of batch) part.writer.delivered(part.entries);
      for (const refusal of refusals) writerOf(batch, refusal)?.refused(refusal);
      this.flushing = false;
    } catch (error) {
      // The writers retain what was not delivered; Postgres holds what matters (docs/architecture.md, Outages).
      this.logger.warn({ err: error }, 'the run log is out of reach');
      for (const { writer } of batch) this.dirty.add(writer);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      this.flushing = false;
    }
    if (this.dirty.size > 0) this.schedule();
  }
}

/** Compares the fence as well: a worker may have claimed a run again before its own former attempt has noticed. */
function writerOf(batch: readonly { writer: RunWriter }[], { runId, refused }: Refusal): RunWriter | undefined {
  return batch.find(({ writer }) => writer.runId === runId && writer.fence === refused.fence)?.writer;
}

function copiesOf(batch: readonly { writer: RunWriter; entries: readonly Append[] }[]): Copy[] {
  const byInstance = new Map<string, Append[]>();
  for (const { writer, entries } of batch) {
    for (const instance of writer.readers) {
      const copied = byInstance.get(instance);
      if (copied) copied.push(...entries);
      else byInstance.set(instance, [...entries]);
    }
  }
  return [...byInstance].map(([instance, entries]) => ({ instance, entries }));
}
