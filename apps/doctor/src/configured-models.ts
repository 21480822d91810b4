import type { WorkerConfig } from '../../worker/src/config.js';

/** A model that the configuration names, and where. */
export interface ConfiguredModel {
  /** `provider/model`, or a public name. */
  readonly name: string;
  readonly where: string;
}

/** Every model that somebody may be answered by without having named it, and those that public names stand for. */
export function configuredModels({ file, models }: WorkerConfig, byDefault: string): ConfiguredModel[] {
  const { defaults, assistants, titles, transcription } = file;
  return [
    { name: defaults.model ?? byDefault, where: defaults.model ? 'defaults.model' : 'the default' },
    ...assistants.flatMap(({ id, model }) => (model ? { name: model, where: `assistant ${id}` } : [])),
    ...(titles && titles.model ? [{ name: titles.model, where: 'titles.model' }] : []),
    ...(transcription ? [{ name: transcription.model, where: 'transcription.model' }] : []),
    ...Object.entries(models.names).flatMap(([name, target]) => targetsOf(name, target)),
  ];
}

/** `*` stands for names that only requests know. */
function targetsOf(name: string, target: WorkerConfig['models']['names'][string]): ConfiguredModel[] {
  const where = `models.${name}`;
  const { model, fallback = [] } = typeof target === 'string' ? { model: target } : target;
  return [
    ...(model.includes('*') ? [] : [{ name: model, where }]),
    ...fallback.map((one) => ({ name: one, where: `${where}.fallback` })),
  ];
}
