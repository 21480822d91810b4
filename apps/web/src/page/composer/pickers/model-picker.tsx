import { texts } from '../../../i18n/texts.js';
import type { Model } from '../../../protocol/types.js';
import { formatCount } from '../format-size.js';
import type { Choice } from './choice-list.js';
import { Picker } from './picker.js';

/** A longer list than this is searched. */
const MANY = 8;

interface ModelPickerProps {
  readonly models: readonly Model[];
  readonly model: string | undefined;
  readonly onModel: (id: string) => void;
}

/** The model that answers, if nothing else is chosen: the server's default one. */
export const chosenModel = (models: readonly Model[], model: string | undefined): Model | undefined =>
  models.find(({ id }) => id === model) ?? models.find((one) => one.default) ?? models[0];

/** Renders nothing if there is nothing to choose. */
export function ModelPicker({ models, model, onModel }: ModelPickerProps) {
  if (models.length < 2) return null;
  const { composer } = texts;
  return (
    <Picker
      label={composer.model}
      choices={models.map(choiceOf)}
      chosen={chosenModel(models, model)?.id}
      onChoose={onModel}
      search={models.length > MANY ? { label: composer.searchModels, nothing: composer.noModel } : undefined}
    />
  );
}

function choiceOf({ id, label, description, capabilities = [], contextWindow }: Model): Choice {
  const { composer } = texts;
  const words: Readonly<Record<string, string>> = {
    vision: composer.vision,
    reasoning: composer.reasoning,
    tools: composer.toolUse,
    documents: composer.documents,
  };
  const marks = Object.entries(words).flatMap(([name, word]) => (capabilities.includes(name) ? [word] : []));
  const size = contextWindow === undefined ? [] : [composer.context(formatCount(contextWindow))];
  return { id, label, detail: description, marks: [...marks, ...size] };
}
