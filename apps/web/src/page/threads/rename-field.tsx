import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { texts } from '../../i18n/texts.js';

interface RenameFieldProps {
  readonly title: string;
  /** Undefined: as it was. */
  readonly onDone: (title: string | undefined) => void;
}

/** Enter and leaving the field take the new title, Escape the old one. */
export function RenameField({ title, onDone }: RenameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  const [changed, setChanged] = useState(title);
  useEffect(() => field.current?.select(), []);
  const finish = (value: string | undefined): void => {
    if (isDone.current) return;
    isDone.current = true;
    onDone(value?.trim() || undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') finish(changed);
    else if (event.key === 'Escape') finish(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <input
      ref={field}
      className="rename"
      dir="auto"
      aria-label={texts.core.newTitle}
      value={changed}
      maxLength={200}
      onChange={(event) => setChanged(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => finish(changed)}
    />
  );
}
