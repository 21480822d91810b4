import type { Logger } from '#runtime';

/** Pieces of `/health/trickle`, and the pause between two. The first one may pass with the head, whatever becomes of the rest. */
export const TRICKLE_PIECES = 3;
export const TRICKLE_PAUSE_MS = 600;

const GIVE_UP_MS = 10_000;
const HINT =
  'Streams arrive at the browser in one piece, when the answer is over. Turn response buffering off for this server there ' +
  '(docs/deploy.md shows it for nginx and Caddy).';

/**
 * Asks this server by the address that browsers know, and says in the log when something on the way holds streams back,
 * with the name by which it calls itself. Nobody waits for it.
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
      'PUBLIC_URL cannot be reached from here: whether a proxy buffers is not known',
    );
  }
}

/** How many times something of the body arrived. */
async function piecesOf({ body }: Response): Promise<number> {
  let pieces = 0;
  let last = -Infinity;
  for await (const _ of body ?? []) {
    if (performance.now() - last > TRICKLE_PAUSE_MS / 2) pieces++;
    last = performance.now();
  }
  return pieces;
}
