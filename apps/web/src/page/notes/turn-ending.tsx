import { texts } from '../../i18n/texts.js';
import type { Ending } from '../../protocol/fold.js';

/** Where an earlier turn was stopped or has failed. */
export function TurnEnding({ ending }: { readonly ending: Ending }) {
  return <p className="turn-ending">{ending === 'failed' ? texts.core.turnFailed : texts.core.turnStopped}</p>;
}
