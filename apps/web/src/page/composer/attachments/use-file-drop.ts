import { useEffect, useState } from 'react';

/** Things that were dropped: files, and the names of folders, which cannot be read. */
export interface Dropped {
  readonly files: readonly File[];
  readonly folders: readonly string[];
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

/**
 * Files that are dropped anywhere on the page. Returns whether some are being dragged over it. Without `onDrop` they are not
 * taken, and do not replace the page, which is what browsers do with them.
 */
export function useFileDrop(onDrop: ((dropped: Dropped) => void) | undefined): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const on = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', listen: (event: DragEvent) => void): void =>
      window.addEventListener(type, (event) => hasFiles(event) && listen(event), listening);
    on('dragenter', () => setOver(true));
    on('dragover', (event) => {
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = onDrop ? 'copy' : 'none';
      setOver(true);
    });
    // Between two elements of the page there is a place that is entered.
    on('dragleave', ({ relatedTarget }) => relatedTarget ?? setOver(false));
    on('drop', (event) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer) onDrop?.(droppedIn(event.dataTransfer));
    });
    return () => listening.abort();
  }, [onDrop]);
  return isOver && onDrop !== undefined;
}

function droppedIn({ items }: DataTransfer): Dropped {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of items) {
    const file = item.getAsFile();
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory) folders.push(entry.name);
    else if (file) files.push(file);
  }
  return { files, folders };
}
