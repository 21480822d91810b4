import type { Model } from '../protocol/types.js';

interface ModelPickerProps {
  readonly models: readonly Model[];
  readonly model: string | undefined;
  readonly onModel: (id: string) => void;
}

/** Renders nothing if there is nothing to choose. */
export function ModelPicker({ models, model, onModel }: ModelPickerProps) {
  if (models.length < 2) return null;
  const hasProviders = new Set(models.map(({ description }) => description)).size > 1;
  const chosen = models.find(({ id }) => id === model) ?? models.find((one) => one.default) ?? models[0];
  return (
    <label className="model-picker">
      <span className="visually-hidden">Model</span>
      <select value={chosen?.id} onChange={(event) => onModel(event.target.value)}>
        {models.map(({ id, label, description }) => (
          <option key={id} value={id}>
            {hasProviders ? `${label} · ${description}` : label}
          </option>
        ))}
      </select>
    </label>
  );
}
