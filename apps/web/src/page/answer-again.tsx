import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { texts } from '../i18n/texts.js';
import { ConfirmDialog } from './confirm-dialog.js';
import { useItemActions } from './item-actions.js';

const AnswerAgain = createContext<(itemId: string) => void>(() => undefined);

/** Answers the question of an item again. If more than the answer is removed by that, the person is asked first. */
export const useAnswerAgain = (): ((itemId: string) => void) => useContext(AnswerAgain);

export function AnswerAgainProvider({ children }: { readonly children: ReactNode }) {
  const actions = useItemActions();
  const [asking, setAsking] = useState<string>();
  const answerAgain = useCallback(
    (itemId: string): void => {
      if (actions.removesMore(itemId)) setAsking(itemId);
      else actions.retry(itemId);
    },
    [actions],
  );
  return (
    <AnswerAgain value={answerAgain}>
      {children}
      {asking !== undefined && (
        <ConfirmDialog
          title={texts.core.answerAgainTitle}
          text={texts.core.answerAgainText}
          action={texts.core.answerAgain}
          // Another tab may have asked something in the meantime.
          onConfirm={async () => (actions.retry(asking) ? undefined : texts.widgets.answerFirst)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </AnswerAgain>
  );
}
