import type { ModelCall } from '#providers';
import type { Logger } from '#runtime';

/** Enough to see what a frame is; pictures come in frames of megabytes. */
const MAX_CHARACTERS = 4_000;

/**
 * At level `trace`, one line for each frame of an answer as the provider sent it. Undefined at every other level, so that models do
 * nothing for it. The only log lines that show content.
 */
export function frameLogger(logger: Pick<Logger, 'trace' | 'isLevelEnabled'>): ModelCall['onFrame'] {
  if (!logger.isLevelEnabled('trace')) return undefined;
  return ({ ref, number, event, data }) => {
    const shown = data.length > MAX_CHARACTERS ? `${data.slice(0, MAX_CHARACTERS)}…` : data;
    logger.trace({ ...ref, frame: number, ...(event !== undefined && { event }), data: shown }, 'provider frame');
  };
}
