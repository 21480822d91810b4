import { Injectable } from '@nestjs/common';
import { EventEngine } from '../events/event-engine.js';
import { Logger } from '../platform/logger.js';
import { warnSparingly } from '../platform/sparingly.js';
import { FlushLane } from './flush-lane.js';
import { RunWriter, type RunWriterOptions } from './run-writer.js';

/**
 * Appends the output of a worker's runs to the log, in lanes: one for all of them, or one for each where they may be on different
 * nodes.
 */
@Injectable()
export class RunPublisher {
  private readonly writers = new Map<string, RunWriter>();
  private readonly lanes = new Map<string, FlushLane>();
  private readonly onError: (error: Error) => void;

  constructor(
    private readonly engine: EventEngine,
    logger: Logger,
  ) {
    this.onError = warnSparingly(logger, 'the run log is out of reach');
  }

  /** Starts the writer of an attempt. The caller closes it. */
  open(options: Omit<RunWriterOptions, 'onDirty'>): RunWriter {
    const lane = this.laneOf(options.runId);
    const writer = new RunWriter({ ...options, onDirty: (dirty) => lane.mark(dirty) });
    this.writers.set(writer.runId, writer);
    return writer;
  }

  close(writer: RunWriter): void {
    writer.abandon();
    const name = this.engine.log.lane(writer.runId);
    this.lanes.get(name)?.forget(writer);
    if (this.writers.get(writer.runId) !== writer) return;
    this.writers.delete(writer.runId);
    if (name !== '') this.lanes.delete(name);
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

  private laneOf(runId: string): FlushLane {
    const name = this.engine.log.lane(runId);
    const known = this.lanes.get(name);
    if (known) return known;
    const lane = new FlushLane(this.engine, this.onError);
    this.lanes.set(name, lane);
    return lane;
  }
}
