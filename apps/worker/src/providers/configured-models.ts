import type { WorkerConfig } from '../config.js';

/** A model that the configuration names, and where. */
export interface ConfiguredModel {
  /** `provider/model`, or a public name. */
  readonly name: string;
  readonly where: string;
}

type Config = Pick<WorkerConfig, 'file' | 'models' | 'providers'>;

/** Every model that the configuration lets answer: to messages that name none, for titles and speech, or by a public name. */
export function configuredModels({ file, models }: Pick<Config, 'file' | 'models'>): ConfiguredModel[] {
  const { defaults, assistants, titles, transcription } = file;
  return [
    ...(defaults.model ? [{ name: defaults.model, where: 'defaults.model' }] : []),
    ...assistants.flatMap(({ id, model }) => (model ? { name: model, where: `assistant ${id}` } : [])),
    ...(titles && titles.model ? [{ name: titles.model, where: 'titles.model' }] : []),
    ...(transcription ? [{ name: transcription.model, where: TRANSCRIPTION }] : []),
    ...Object.entries(models.names).flatMap(([name, target]) => targetsOf(name, target)),
  ];
}

/** Those that should be among the models that their provider lists: also the ones with prices; lists leave out what is for speech. */
export function modelsToBeListed(config: Config): ConfiguredModel[] {
  const answering = configuredModels(config).filter(({ where }) => where !== TRANSCRIPTION);
  return [...answering, ...config.providers.flatMap(pricedModels)];
}

const TRANSCRIPTION = 'transcription.model';

/** `*` stands for names that only requests know. */
function targetsOf(name: string, target: WorkerConfig['models']['names'][string]): ConfiguredModel[] {
  const where = `models.${name}`;
  const { model, fallback = [] } = typeof target === 'string' ? { model: target } : target;
  return [
    ...(model.includes('*') ? [] : [{ name: model, where }]),
    ...fallback.map((one) => ({ name: one, where: `${where}.fallback` })),
  ];
}

function pricedModels(provider: WorkerConfig['providers'][number]): ConfiguredModel[] {
  const id = provider.id ?? provider.kind;
  const prices = 'prices' in provider ? (provider.prices ?? {}) : {};
  return Object.keys(prices).map((model) => ({ name: `${id}/${model}`, where: `prices of ${id}` }));
}
