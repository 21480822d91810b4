import { Injectable } from '@nestjs/common';
import { WorkerSettings } from '../worker-settings.js';
import { ByteLane } from './byte-lane.js';

/** Bytes of files that one run has in memory. */
export interface RunFiles {
  /** Resolves when so many bytes may be held while a file is looked at; the result gives them back. */
  toRead(bytes: number, signal?: AbortSignal): Promise<() => void>;
  /** The same while a model call takes: as long as its provider wants. */
  toSend(bytes: number, signal?: AbortSignal): Promise<() => void>;
  /** Resolves when so many bytes more may be held until the run is over, by code that nobody sees letting go of them. */
  hold(bytes: number): Promise<void>;
  /** The run is over. */
  release(): void;
}

/**
 * How many bytes of attachments this process may hold at once. A quarter is for looking at files and converting them, which ends soon
 * by itself: it never waits for a provider, nor for an assistant's code, and neither do those who wait for it. Of the rest one user has
 * half, where users are told apart: what one of them holds never keeps out another. A turn without attachments never waits.
 */
@Injectable()
export class AttachmentBudget {
  private readonly most: number;
  private readonly reading: ByteLane;
  private readonly holding: ByteLane;

  constructor({ attachmentBytes, distinguishesUsers }: WorkerSettings) {
    const toRead = Math.floor(attachmentBytes / 4);
    const toHold = attachmentBytes - toRead;
    this.most = attachmentBytes;
    this.reading = new ByteLane({ most: toRead, ofOneUser: toRead });
    this.holding = new ByteLane({ most: toHold, ofOneUser: distinguishesUsers ? Math.floor(toHold / 2) : toHold });
  }

  /** Bytes, and how many reservations wait. */
  get use() {
    const [read, held] = [this.reading.use, this.holding.use];
    return { held: read.held + held.held, most: this.most, waiting: read.waiting + held.waiting };
  }

  /** `signal`: whoever waits when it is aborted waits no more. */
  forRun(owner: string, signal: AbortSignal): RunFiles {
    const run = { bytes: 0 };
    const releases: (() => void)[] = [];
    let isOver = false;
    return {
      toRead: (bytes, until) => this.reading.reserve(owner, bytes, { signal: until }),
      toSend: (bytes, until = signal) => this.holding.reserve(owner, bytes, { signal: until, run }),
      hold: async (bytes) => {
        const release = await this.holding.reserve(owner, bytes, { signal, run });
        if (isOver) release();
        else releases.push(release);
      },
      release: () => {
        isOver = true;
        for (const release of releases.splice(0)) release();
      },
    };
  }
}
