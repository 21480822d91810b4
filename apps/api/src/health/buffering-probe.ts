import type { Logger } from '#runtime';

/** Pieces of `/health/trickle`, and the pause between two. The first one may arrive with the head even through a buffering proxy. */
export const TRICKLE_PIECES = 3;
export const TRICKLE_PAUSE_MS = 600;

const GIVE_UP_MS = 10_000;
const HINT =
  'Streams reach the browser in one piece, when the answer is over. Turn off response buffering for this server in the ' +
  'proxy (docs/deploy.md shows how for nginx and Caddy).';

/**
 * Requests a stream from this server under its public address, and logs whether a proxy in between buffers it, with the
 * name that the proxy gives itself. Nothing waits for the result.
 */
export async function probeForBuffering(publicUrl: string, logger: Pick<Logger, 'info' | 'warn'>): Promise<void> {
  try {
    const response = await fetch(`${publicUrl.replace(/\/+$/, '')}/health/trickle`, {
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    const pieces = await piecesOf(response);
    const proxy = response.headers.get('via') ?? response.headers.get('server') ?? 'unnamed';
    if (!response.ok)
      logger.warn({ publicUrl, status: response.status, proxy }, 'PUBLIC_URL does not lead to this server');
    else if (pieces < TRICKLE_PIECES) logger.warn({ publicUrl, proxy, hint: HINT }, 'a proxy buffers streams');
    else logger.info({ publicUrl, proxy }, 'streams reach PUBLIC_URL unbuffered');
  } catch (error) {
    logger.warn(
      { err: error, publicUrl },
      'PUBLIC_URL cannot be reached from here: cannot check whether a proxy buffers streams',
    );
  }
}

/** In how many pieces the body arrived. */
async function piecesOf({ body }: Response): Promise<number> {
  let pieces = 0;
  let last = -Infinity;
  for await (const _ of body ?? []) {
    if (performance.now() - last > TRICKLE_PAUSE_MS / 2) pieces++;
    last = performance.now();
  }
  return pieces;
}
