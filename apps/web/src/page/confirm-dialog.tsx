import { useState } from 'react';
import { texts } from '../i18n/texts.js';
import { Dialog } from './dialog.js';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  /** What the button says that does it. */
  readonly action: string;
  /** Resolves with what went wrong, if something did. */
  readonly onConfirm: () => Promise<string | undefined>;
  readonly onClose: () => void;
}

/** Asks before something is removed for good. */
export function ConfirmDialog({ title, text, action, onConfirm, onClose }: ConfirmDialogProps) {
  const [state, setState] = useState<{ readonly isBusy: boolean; readonly problem?: string }>({ isBusy: false });
  const confirm = async (): Promise<void> => {
    setState({ isBusy: true });
    const problem = await onConfirm();
    if (problem === undefined) onClose();
    else setState({ isBusy: false, problem });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      {state.problem && (
        <p className="dialog-problem" role="alert">
          {state.problem}
        </p>
      )}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onClose}>
          {texts.core.cancel}
        </button>
        <button type="button" className="button danger" onClick={() => void confirm()} disabled={state.isBusy}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
