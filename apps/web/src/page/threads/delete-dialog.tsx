import { useState } from 'react';
import { errorText } from '../../chat/error-text.js';
import { texts } from '../../i18n/texts.js';
import { Dialog } from '../dialog.js';

interface DeleteDialogProps {
  readonly title: string;
  readonly onDelete: () => Promise<void>;
  readonly onClose: () => void;
}

/** A conversation is deleted for good: the person is asked first. */
export function DeleteDialog({ title, onDelete, onClose }: DeleteDialogProps) {
  const [state, setState] = useState<{ readonly isBusy: boolean; readonly problem?: string }>({ isBusy: false });
  const confirm = (): void => {
    setState({ isBusy: true });
    onDelete().then(onClose, (error: unknown) => setState({ isBusy: false, problem: errorText(error) }));
  };
  return (
    <Dialog title={texts.core.deleteTitle} onClose={onClose}>
      <p>{texts.core.deleteText(title)}</p>
      {state.problem && (
        <p className="dialog-problem" role="alert">
          {state.problem}
        </p>
      )}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onClose}>
          {texts.core.cancel}
        </button>
        <button type="button" className="button danger" onClick={confirm} disabled={state.isBusy}>
          {texts.core.delete}
        </button>
      </div>
    </Dialog>
  );
}
