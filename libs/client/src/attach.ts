import type { RelayClient } from './relay-client.js';
import { Throttle } from './throttle.js';

export interface AttachOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds between two updates; default 1000. */
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;

/** See `ChatKitFetch.attach`. */
export async function attach(
  client: RelayClient,
  threadId: string,
  onUpdate: () => unknown,
  { signal = new AbortController().signal, everyMs = EVERY_MS }: AttachOptions = {},
): Promise<void> {
  const updates = new Throttle(onUpdate, everyMs, signal);
  // Another answer of the thread may be waiting behind the one that ends.
  for (let run = await client.follow(threadId, signal); run; run = await client.follow(threadId, signal)) {
    const reader = run.body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      // It fails only if the signal is aborted, which ends the reading as well.
      updates.touch().catch(() => undefined);
    }
    await updates.touch();
  }
}
