import { decodeControl, type Logger, type RunPublisher } from '#runtime';
import type { ActiveRuns } from '../attempt/active-runs.js';

/** Handles one message of this worker's control channel: what the next beat would bring, only sooner. */
export function handleControl(
  deps: { readonly active: ActiveRuns; readonly publisher: RunPublisher; readonly logger: Logger },
  message: Buffer,
): void {
  const control = decodeControl(message);
  if (!control) return;
  switch (control.type) {
    case 'stop':
      deps.active.get(control.runId)?.stop('cancelled');
      return;
    case 'reader':
      deps.publisher
        .refreshReaders([control.runId])
        .catch((error: Error) => deps.logger.warn({ err: error }, 'cannot ask who follows'));
  }
}
