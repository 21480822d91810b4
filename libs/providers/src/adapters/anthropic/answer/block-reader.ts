import type { Delta } from '../wire.js';

/** Reads one content block of a message (https://platform.claude.com/docs/en/build-with-claude/streaming). */
export interface BlockReader {
  /** @returns whether it understood */
  delta(delta: Delta): boolean;
  /** The block is complete. Comes once. */
  stop(): void;
}
