import type { FrameSink, Place } from '#runtime/api';

/** The position of frames that are not in the log: the preamble is before a run's first event. */
export const BEFORE_FIRST_EVENT: Place = { fence: 0, last: 0, end: false };

/** The cursor of a reader that has everything. */
export const END_CURSOR = 'end';

/**
 * Adds an `id:` line after the frames, with the cursor that a reader sends when it reconnects: `<fence>-<last seq>`, or
 * `end` after a run's last frame, which distinguishes the end of the run from the end of a connection. A block without
 * data sets the last event id of an event source and dispatches no event.
 */
export class MarkedFrames implements FrameSink {
  constructor(private readonly sink: FrameSink) {}

  write(frames: Buffer, place?: Place): boolean {
    return this.sink.write(place ? Buffer.concat([frames, mark(place)]) : frames);
  }

  drained(): Promise<void> {
    return this.sink.drained();
  }
}

const mark = ({ fence, last, end }: Place): Buffer => Buffer.from(`id: ${end ? END_CURSOR : `${fence}-${last}`}\n\n`);
