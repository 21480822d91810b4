import { texts } from '../../i18n/texts.js';
import type { Ending } from '../../protocol/fold.js';
import type { Item } from '../../protocol/types.js';
import { useAnswerAgain } from '../answer-again.js';
import { RetryIcon } from '../icons.js';

interface TurnEndingProps {
  /** The last item of the turn. */
  readonly item: Item;
  readonly ending: Ending;
}

/** Where an earlier turn was stopped or has failed. A question without an answer can be answered from here. */
export function TurnEnding({ item: { id, type }, ending }: TurnEndingProps) {
  const { core, items } = texts;
  const answerAgain = useAnswerAgain();
  if (type !== 'user_message') {
    return <p className="turn-ending">{ending === 'failed' ? core.failed : items.stopped}</p>;
  }
  return (
    <p className="turn-ending">
      {ending === 'failed' ? core.turnFailed : core.turnStopped}
      <button
        type="button"
        className="answer-action asks"
        title={core.tryAgain}
        aria-label={core.tryAgain}
        onClick={() => answerAgain(id)}
      >
        <RetryIcon />
      </button>
    </p>
  );
}
