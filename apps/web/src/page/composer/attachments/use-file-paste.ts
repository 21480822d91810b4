import { useEffect } from 'react';

/** Files that are pasted, wherever the focus is but in another field. What has text as well, such as a table, is pasted as text. */
export function useFilePaste(
  field: React.RefObject<HTMLElement | null>,
  onFiles: ((files: File[]) => void) | undefined,
) {
  useEffect(() => {
    if (!onFiles) return undefined;
    const onPaste = (event: ClipboardEvent): void => {
      const { clipboardData, target } = event;
      const files = [...(clipboardData?.files ?? [])];
      const isElsewhere = target instanceof HTMLElement && isField(target) && target !== field.current;
      if (files.length === 0 || isElsewhere || clipboardData?.getData('text/plain')) return;
      event.preventDefault();
      onFiles(files);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [field, onFiles]);
}

const isField = (element: HTMLElement): boolean => element.matches('input, textarea, [contenteditable]');
