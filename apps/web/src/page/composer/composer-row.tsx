import type { Chat } from '../../chat/chat.js';
import type { Draft } from '../../chat/draft.js';
import { texts } from '../../i18n/texts.js';
import type { AssistantChoice, AttachmentLimits } from '../../protocol/page-config.js';
import { SendIcon, StopIcon } from '../icons.js';
import { useStore } from '../use-store.js';
import { AttachButton } from './attachments/attach-button.js';
import { canRecord } from './dictation/record.js';
import { MicrophoneIcon } from './icons.js';
import { AssistantPicker } from './pickers/assistant-picker.js';
import { ModelPicker } from './pickers/model-picker.js';
import { ToolChips, ToolMenu } from './pickers/tool-choice.js';

interface ComposerRowProps {
  readonly chat: Chat;
  readonly assistant: AssistantChoice | undefined;
  readonly draft: Draft;
  /** Undefined: nothing can be attached. */
  readonly limits: AttachmentLimits | undefined;
  readonly canStop: boolean;
  readonly canSend: boolean;
  readonly onFiles: (files: File[]) => void;
  readonly onDictate: (() => void) | undefined;
}

/** The buttons below the field. */
export function ComposerRow(props: ComposerRowProps) {
  const { chat, assistant, draft, limits, canStop, canSend, onFiles, onDictate } = props;
  const { models, model, config } = useStore(chat.store);
  const { tool } = useStore(draft.store);
  const { composer } = texts;
  const tools = assistant?.tools ?? [];
  const choice = {
    tools,
    tool: tools.find(({ id }) => id === tool),
    onTool: (id: string | undefined) => draft.change({ tool: id }),
  };
  return (
    <div className="composer-row">
      {limits && <AttachButton limits={limits} onFiles={onFiles} />}
      <ToolMenu {...choice} />
      <div className="composer-choices">
        <ToolChips {...choice} />
        <AssistantPicker
          assistants={config?.assistants ?? []}
          assistant={assistant}
          onAssistant={(id) => chat.chooseAssistant(id)}
        />
        <ModelPicker models={models} model={model} onModel={(id) => chat.chooseModel(id)} />
      </div>
      <span className="composer-gap" />
      {assistant?.dictation && canRecord() && onDictate && (
        <button
          type="button"
          className="icon-button tool-button"
          aria-label={composer.dictate}
          title={composer.dictate}
          onClick={onDictate}
        >
          <MicrophoneIcon />
        </button>
      )}
      <button
        type="submit"
        className="send"
        aria-label={canStop ? composer.stop : composer.send}
        disabled={!canStop && !canSend}
      >
        {canStop ? <StopIcon /> : <SendIcon />}
      </button>
    </div>
  );
}
