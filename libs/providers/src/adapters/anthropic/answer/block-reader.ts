import type { Json } from '../../../http/json.js';

/** Reads one content block of a message (https://docs.anthropic.com/en/api/messages-streaming). */
export interface BlockReader {
  /** @returns whether it understood */
  delta(delta: Json): boolean;
  /** The block is complete. Comes once. */
  stop(): void;
}
