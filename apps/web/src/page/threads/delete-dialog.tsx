import { texts } from '../../i18n/texts.js';
import { ConfirmDialog } from '../confirm-dialog.js';
import { useExplain } from '../explain.js';

interface DeleteDialogProps {
  readonly title: string;
  readonly onDelete: () => Promise<void>;
  readonly onClose: () => void;
}

/** A conversation is deleted for good: the person is asked first. */
export function DeleteDialog({ title, onDelete, onClose }: DeleteDialogProps) {
  const explain = useExplain();
  return (
    <ConfirmDialog
      title={texts.core.deleteTitle}
      text={texts.core.deleteText(title)}
      action={texts.core.delete}
      onConfirm={() => onDelete().then(() => undefined, explain)}
      onClose={onClose}
    />
  );
}
