import type { ChatState } from '../../chat/chat.js';
import type { DraftFile } from '../../chat/draft.js';
import { isPicture } from '../../chat/file-limits.js';
import { texts } from '../../i18n/texts.js';
import { chosenModel } from './pickers/model-picker.js';

interface VisionNoteProps {
  readonly chat: ChatState;
  readonly files: readonly DraftFile[];
}

/** A picture that its model cannot see would be lost without a word. */
export function VisionNote({ chat: { models, model }, files }: VisionNoteProps) {
  const chosen = chosenModel(models, model);
  const isBlind = chosen?.capabilities !== undefined && !chosen.capabilities.includes('vision');
  if (!isBlind || !files.some(isPicture)) return null;
  return (
    <div className="file-refused" role="status" data-tone="info">
      <p>{texts.composer.noVision(chosen.label)}</p>
    </div>
  );
}
