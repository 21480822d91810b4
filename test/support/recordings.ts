import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What the replay server saw of one request. */
export interface ReplayedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number | null;
  /** The client hung up before the answer was complete, so many milliseconds after the request came. */
  readonly aborted: boolean;
  readonly aborted_ms: number | null;
}

/** A local server that plays recorded provider responses; see the comment at the top of its source for its knobs. */
export interface ReplayServer {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  readonly journal: readonly ReplayedRequest[];
  close(): Promise<void>;
}

/**
 * Where the recorded provider responses are: `CHATKIT_RECORDINGS_DIR`, else beside the checkout. They are not part of the
 * project, so tests must skip themselves when this is undefined.
 */
export function recordingsDir(): string | undefined {
  // oxlint-disable-next-line node/no-process-env -- the suite's own switch, read here and nowhere else
  const configured = process.env['CHATKIT_RECORDINGS_DIR'];
  const beside = fileURLToPath(new URL('../../../shared/fixtures/providers', import.meta.url));
  const dir = configured || beside;
  return existsSync(dir) ? dir : undefined;
}

/** Starts the replay server that stands beside the recordings, on a free loopback port. @throws Error without recordings */
export async function startReplayServer(): Promise<ReplayServer> {
  const dir = recordingsDir();
  if (!dir) throw new Error('there are no recordings to replay');
  const file = join(dirname(dir), 'replay-server.mjs');
  const { start } = (await import(pathToFileURL(file).href)) as { start: () => Promise<ReplayServer> };
  return start();
}
