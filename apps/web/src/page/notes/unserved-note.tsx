import type { ChatState } from '../../chat/chat.js';
import { texts } from '../../i18n/texts.js';
import { WarningIcon } from '../icons.js';

/** Says that nobody answers, before anything is sent. The live region is there before its text. */
export function UnservedNote({
  chat: { isUnserved, config },
}: {
  readonly chat: Pick<ChatState, 'isUnserved' | 'config'>;
}) {
  return (
    <div role="status">
      {isUnserved && (
        <div className="note unserved" data-tone="warning">
          <div className="note-head">
            <WarningIcon />
            <p dir="auto">{config?.local ? texts.core.noWorker : texts.core.nobodyAnswers}</p>
          </div>
        </div>
      )}
    </div>
  );
}
