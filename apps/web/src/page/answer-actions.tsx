import { useContext, useState } from 'react';
import { texts } from '../i18n/texts.js';
import type { FeedbackKind } from '../protocol/types.js';
import { useAnswerAgain } from './answer-again.js';
import { CopyButton } from './copy-button.js';
import { RetryIcon, ThumbDownIcon, ThumbUpIcon } from './icons.js';
import { useExplain } from './explain.js';
import { useItemActions } from './item-actions.js';
import { EndsAnswer } from './items/ends-answer.js';
import { GivenFeedback } from './items/given-feedback.js';

interface AnswerActionsProps {
  readonly itemId: string;
  readonly text: string;
  /** Whether the server has the answer: only then it can be judged. */
  readonly isKept: boolean;
}

/** What can be done with a finished answer. */
export function AnswerActions({ itemId, text, isKept }: AnswerActionsProps) {
  const answerAgain = useAnswerAgain();
  const endsAnswer = useContext(EndsAnswer);
  return (
    <>
      {text !== '' && <CopyButton label={texts.items.copyAnswer} text={() => text} />}
      {endsAnswer && (
        <button
          type="button"
          className="answer-action asks"
          title={texts.core.answerAgain}
          aria-label={texts.core.answerAgain}
          onClick={() => answerAgain(itemId)}
        >
          <RetryIcon />
        </button>
      )}
      {isKept && endsAnswer && <Feedback itemId={itemId} />}
    </>
  );
}

function Feedback({ itemId }: { readonly itemId: string }) {
  const actions = useItemActions();
  const given = useContext(GivenFeedback);
  const explain = useExplain();
  const [said, setSaid] = useState<{ readonly thanks?: true; readonly problem?: string }>({});
  const give = (kind: FeedbackKind): void => {
    // Whoever gives feedback does not wait for it.
    setSaid({ thanks: true });
    actions.feedback([itemId], kind).catch((error: unknown) => setSaid({ problem: explain(error) }));
  };
  const thumb = (kind: FeedbackKind) => {
    const label = kind === 'positive' ? texts.core.goodAnswer : texts.core.badAnswer;
    return (
      <button
        type="button"
        className="answer-action"
        title={label}
        aria-label={label}
        aria-pressed={given === kind}
        onClick={() => give(kind)}
      >
        {kind === 'positive' ? <ThumbUpIcon /> : <ThumbDownIcon />}
      </button>
    );
  };
  return (
    <>
      {thumb('positive')}
      {thumb('negative')}
      <span className="visually-hidden" role="status">
        {said.thanks && texts.core.feedbackThanks}
      </span>
      {said.problem !== undefined && (
        <span className="answer-problem" role="alert">
          {texts.core.feedbackFailed(said.problem)}
        </span>
      )}
    </>
  );
}
