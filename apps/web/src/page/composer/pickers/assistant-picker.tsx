import { texts } from '../../../i18n/texts.js';
import type { AssistantChoice } from '../../../protocol/page-config.js';
import { Picker } from './picker.js';

interface AssistantPickerProps {
  readonly assistants: readonly AssistantChoice[];
  readonly assistant: AssistantChoice | undefined;
  readonly onAssistant: (id: string) => void;
}

/** Renders nothing if there is nothing to choose. */
export function AssistantPicker({ assistants, assistant, onAssistant }: AssistantPickerProps) {
  if (assistants.length < 2) return null;
  const choices = assistants.map(({ id, name, description }) => ({ id, label: name, detail: description }));
  return <Picker label={texts.composer.assistant} choices={choices} chosen={assistant?.id} onChoose={onAssistant} />;
}
