import type { EventEngine } from '../events/event-engine.js';
import type { Append, Copy, Refusal } from '../events/run-log.js';
import type { RunWriter } from './run-writer.js';

const RETRY_MS = 250;

/**
 * Runs that are flushed together: everything that they wrote in one event-loop turn is sent in one round trip, with one message for
 * each API instance that follows any of them. During a flush the next one is collected, so the batch grows with the load and
 * nothing is delayed when there is none.
 */
export class FlushLane {
  private readonly dirty = new Set<RunWriter>();
  private scheduled = false;
  private flushing = false;

  constructor(
    private readonly engine: Pick<EventEngine, 'log'>,
    private readonly onError: (error: Error) => void,
  ) {}

  mark(writer: RunWriter): void {
    this.dirty.add(writer);
    this.schedule();
  }

  forget(writer: RunWriter): void {
    this.dirty.delete(writer);
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
      this.onError(error as Error);
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
