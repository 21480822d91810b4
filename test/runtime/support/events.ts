import { expect } from 'vitest';
import { applyEvent, emptyThread, encodeEvent, newId, parseFrames, snapshotFrames, type ThreadState } from '#chatkit';
import { answerEvents, textDelta } from '#chatkit/testing';
import type { EventEngine } from '#runtime';
import { RunPublisher, type RunWriter } from '#runtime/worker';
import { type FollowDeps, type FrameSink, type Place, RunCopies, RunFollower } from '#runtime/api';
import { type Cursor, encodeEntry } from '../../../libs/runtime/src/events/entry.js';
import type { Silent } from '../../../libs/runtime/src/reading/follower.js';
import type { Append, LogEnd } from '../../../libs/runtime/src/events/run-log.js';
import { recordingLogger } from './world.js';

/** A frame that contains its own number. */
export const frame = (n: number | string, itemId = 'msg_1'): string => encodeEvent(textDelta(itemId, 0, `${n} `));
export const frames = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => frame(from + index));

/** An answer as a worker writes it: announced, grown, finished. */
export const answerFrames = (itemId: string, deltas: readonly string[]): string[] =>
  answerEvents(itemId, [deltas]).map(encodeEvent);

interface EntryFields {
  readonly fence?: number;
  readonly first: number;
  readonly last: number;
  readonly end?: boolean;
  /** How the log ends; a minute, and nothing is merged, when absent. */
  readonly logEnd?: LogEnd;
  readonly frames?: string;
  readonly opened?: readonly string[];
  readonly closed?: readonly string[];
}

export function anEntry(runId: string, fields: EntryFields): Append {
  const { fence = 1, first, last, end = false, logEnd = { keptMs: 60_000 }, opened = [], closed = [] } = fields;
  const text = fields.frames ?? frames(first, last).join('');
  return {
    runId,
    fence,
    first,
    last,
    end: end ? logEnd : undefined,
    encoded: encodeEntry({ runId, fence, first, last, opened, closed, end, frames: text }),
  };
}

/** Accepts everything, or reports that it is full until it is released. */
export class TestSink implements FrameSink {
  private readonly chunks: Buffer[] = [];
  private waiting: (() => void) | undefined;
  private room = Number.POSITIVE_INFINITY;
  full = 0;
  /** The position of the reader that each write reported. */
  readonly places: Place[] = [];

  /** From now on full after every `bytes`, until `release`. */
  limit(bytes: number): this {
    this.room = bytes;
    return this;
  }

  write(data: Buffer, place?: Place): boolean {
    if (place) this.places.push({ fence: place.fence, last: place.last, end: place.end });
    // A copy, as a socket makes one: what is received is a view into a message.
    this.chunks.push(Buffer.from(data));
    this.room -= data.length;
    if (this.room > 0) return true;
    this.full++;
    return false;
  }

  drained(): Promise<void> {
    return new Promise((resolve) => (this.waiting = resolve));
  }

  /** Drains; accepts `bytes` more before it is full again. Returns whether a writer was waiting. */
  release(bytes = Number.POSITIVE_INFINITY): boolean {
    if (!this.waiting) return false;
    this.room = bytes;
    const { waiting } = this;
    this.waiting = undefined;
    waiting();
    return true;
  }

  get bytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }

  get state(): ThreadState {
    return stateOf(this.text);
  }
}

export const stateOf = (text: string): ThreadState => parseFrames(text).reduce(applyEvent, emptyThread);

/** A silence watch that a test triggers by hand. */
class ManualSilence {
  private readonly followers = new Set<Silent>();
  add = (follower: Silent): void => void this.followers.add(follower);
  remove = (follower: Silent): void => void this.followers.delete(follower);
  ring = (): void => {
    for (const follower of this.followers) follower.onSilence();
  };
}

/** One API process: its run copies and its followers. */
export class TestReader {
  readonly instance = newId('run').replace('run_', 'api_');
  readonly errors: Error[] = [];
  readonly silence = new ManualSilence();
  readonly copies: RunCopies;
  private readonly followers: RunFollower[] = [];

  constructor(
    readonly engine: EventEngine,
    private readonly deps: Partial<FollowDeps> = {},
  ) {
    this.copies = new RunCopies(engine, { id: this.instance }, recordingLogger(this.errors));
  }

  static async start(engine: EventEngine, deps: Partial<FollowDeps> = {}): Promise<TestReader> {
    const reader = new TestReader(engine, deps);
    await reader.copies.start();
    return reader;
  }

  /** Joins the run's readers and writes what it receives. */
  async follow(
    runId: string,
    options: {
      sink?: TestSink;
      fromLog?: boolean;
      isOver?: boolean;
      after?: Cursor;
      beforeStart?: (sink: TestSink) => Promise<void>;
    } = {},
  ) {
    const { sink = new TestSink(), fromLog = false, isOver = false, after, beforeStart } = options;
    const follower = new RunFollower(
      {
        log: this.engine.log,
        copies: this.copies,
        silence: this.silence,
        snapshot: (text) => Buffer.from(snapshotFrames(text.toString('utf8'))),
        isSettled: async () => false,
        finishFromStore: async () => Buffer.alloc(0),
        onError: (error) => this.errors.push(error),
        ...this.deps,
      },
      runId,
      sink,
      after,
    );
    this.followers.push(follower);
    await follower.join();
    await beforeStart?.(sink);
    follower.start({ fromLog, isOver });
    return { follower, sink };
  }

  async stop(): Promise<void> {
    for (const follower of this.followers) follower.leave();
    await this.copies.stop();
  }
}

/** One worker process: its run publisher. */
export class TestWorker {
  readonly errors: Error[] = [];
  readonly publisher: RunPublisher;

  constructor(engine: EventEngine) {
    this.publisher = new RunPublisher(engine, recordingLogger(this.errors));
  }

  /** Opens an attempt whose readers are known; its log stays as it is, unless the run `isTurn`. */
  async open(
    runId: string,
    fence = 1,
    { onLost = () => undefined, isTurn = false }: { readonly onLost?: () => void; readonly isTurn?: boolean } = {},
  ): Promise<RunWriter> {
    const writer = this.publisher.open({ runId, fence, isTurn, onLost });
    await this.publisher.refreshReaders([runId]);
    return writer;
  }
}

/** Writes frames in so many event-loop turns, a few in each. */
export async function writeInTurns(writer: RunWriter, all: readonly string[], perTurn: number): Promise<void> {
  for (let index = 0; index < all.length; index += perTurn) {
    for (const one of all.slice(index, index + perTurn)) writer.write(one);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits for the end of a run at a reader, or fails with what the reader has received by then. */
export async function ended({ follower, sink }: { follower: RunFollower; sink: TestSink }, ms = 10_000): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => (timer = setTimeout(resolve, ms, 'not ended')));
  const how = await Promise.race([follower.done.then(() => 'ended'), late]);
  clearTimeout(timer);
  expect(how, `at (${follower.fence}, ${follower.seq}) with ${sink.bytes} bytes`).toBe('ended');
}
