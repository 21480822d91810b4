import { useContext } from 'react';
import type { Progress } from '../../protocol/fold.js';
import { AnswerActions } from '../answer-actions.js';
import { EndsAnswer } from './ends-answer.js';

interface ItemFootProps {
  readonly itemId: string;
  readonly progress: Progress;
  /** What can be copied of it. */
  readonly text?: string;
}

/** What can be done with an item that is no message: with its text, and with the whole answer if it ends one. */
export function ItemFoot({ itemId, progress, text = '' }: ItemFootProps) {
  const endsAnswer = useContext(EndsAnswer);
  if (progress === 'open' || (text === '' && !endsAnswer)) return null;
  return (
    <footer className="item-foot">
      <AnswerActions itemId={itemId} text={text} isKept={progress !== 'lost'} />
    </footer>
  );
}
