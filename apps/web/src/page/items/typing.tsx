import { WidgetIcon } from '../widgets/icons/icon.js';

interface TypingProps {
  /** What is being waited for. */
  readonly label?: string | undefined;
  /** The name of an icon before it. */
  readonly icon?: string | undefined;
}

/** The page waits for the server; with a label, a line says for what. */
export function Typing({ label, icon }: TypingProps) {
  return (
    <p className="typing">
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {icon !== undefined && <WidgetIcon name={icon} />}
      {label}
    </p>
  );
}
