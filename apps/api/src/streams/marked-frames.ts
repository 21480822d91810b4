import type { FrameSink, Place } from '#runtime';

/** Where the frames that no log holds bring a reader: the preamble is before a run's first event. */
export const BEFORE_FIRST_EVENT: Place = { fence: 0, last: 0, end: false };

/** What a reader that has everything gives back as its cursor. */
export const END_CURSOR = 'end';

/**
 * Puts a line behind the frames that says how far they bring a reader: the event id that it gives back when it comes
 * again, `<fence>-<last seq>`, or `end` behind a run's last frame, which tells the end of a run from that of a
 * connection. A block without data sets the last event id of an event source and dispatches nothing.
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
