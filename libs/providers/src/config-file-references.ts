import * as z from 'zod';
import { type Kind, nameOf } from './adapters/kind.js';
import { KINDS } from './adapters/kinds.js';
import { lookUpModel } from './model-names.js';
import type { ProviderConfigInput } from './provider-config.js';

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

/** A provider as far as names of models depend on it. */
interface Known {
  readonly id: string;
  /** The only models that it answers with; undefined: whatever it is asked for. */
  readonly models: readonly string[] | undefined;
}

/**
 * The names of models in a config file that no configured provider could answer: in `models` with their fallbacks, in
 * `defaults`, `titles`, `transcription` and `assistants`; and prices and context windows of models that their provider does
 * not offer. Everything else about `written` may be wrong. What a provider offers without saying so here is not asked.
 */
export function referenceIssues(
  written: unknown,
  configs: readonly ProviderConfigInput[],
  env: Readonly<Record<string, string | undefined>>,
): Issue[] {
  const file = Written.parse(written);
  const providers = knownProviders(file, configs, env);
  const names = namesOf(file);
  return [
    ...Object.entries(file.models).flatMap(([name, entry]) => targetIssues(name, entry, providers, names)),
    ...Object.entries(file.models).flatMap(([name, entry]) => selfIssues(name, entry)),
    ...usesOf(file).flatMap(([path, name]) => nameIssues(path, name, providers, names)),
    ...file.providers.flatMap((entry, index) => listedIssues(index, entry)),
    ...idIssues(file.providers.map(idOf)),
  ];
}

/** Each provider is named by its id; without one, by its kind. */
const idIssues = (ids: readonly string[]): Issue[] =>
  ids.flatMap((id, index) =>
    id !== '' && ids.indexOf(id) !== index
      ? [issue(['providers', index], `the id "${id}" is used twice: give one of the two an id of its own`)]
      : [],
  );

const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const text = maybe(z.string().min(1));
const keys = maybe(z.record(z.string(), z.unknown()));

const Entry = z.object({
  id: text,
  kind: text,
  module: text,
  onlyListed: maybe(z.boolean()),
  models: maybe(z.array(z.string())),
  prices: keys,
  contextWindows: keys,
});
type Entry = z.output<typeof Entry>;

const idOf = ({ id, kind, module }: Entry): string => id ?? kind ?? (module === undefined ? '' : 'module');

const NamedEntry = z.object({ model: text, fallback: maybe(z.array(z.unknown())) });
const Model = z.union([z.string(), NamedEntry]).catch('');

/** The parts of a config file that name models or are named, wherever they can be read. */
const Written = z
  .object({
    providers: z.array(Entry.catch(Entry.parse({}))).catch([]),
    models: z.record(z.string(), Model).catch({}),
    assistants: z.array(z.object({ model: text }).catch({ model: undefined })).catch([]),
    defaults: z.object({ model: text }).catch({ model: undefined }),
    titles: z.object({ model: text }).catch({ model: undefined }),
    transcription: z.object({ model: text }).catch({ model: undefined }),
  })
  .catch({
    providers: [],
    models: {},
    assistants: [],
    defaults: { model: undefined },
    titles: { model: undefined },
    transcription: { model: undefined },
  });
type Written = z.output<typeof Written>;

/** Those whose settings are wrong as well: that is told elsewhere, and what names them is right. */
function knownProviders(
  { providers }: Written,
  configs: readonly ProviderConfigInput[],
  env: Readonly<Record<string, string | undefined>>,
): Known[] {
  const fromFile = providers.map((entry) => ({ id: idOf(entry), models: entry.onlyListed ? entry.models : undefined }));
  const made = configs.flatMap(({ id, kind }) => (kind === 'demo' && providers.length > 0 ? [] : (id ?? kind)));
  const more = [...made, ...kindsInUse(env)];
  return [...fromFile, ...more.map((id) => ({ id, models: undefined }))].filter(({ id }) => id !== '');
}

/** The kinds that a variable enables, right or wrong. */
const kindsInUse = (env: Readonly<Record<string, string | undefined>>): string[] =>
  KINDS.flatMap((kind: Kind) =>
    kind.variables?.enabledBy.some((field) => env[kind.variables?.names[field] ?? '']?.trim()) ? [nameOf(kind)] : [],
  );

type Names = Readonly<Record<string, string>>;

/** What each public name stands for, fallbacks left out. */
const namesOf = ({ models }: Written): Names =>
  Object.fromEntries(
    Object.entries(models).map(([name, entry]) => [name, typeof entry === 'string' ? entry : (entry.model ?? '')]),
  );

/** Where the file says which model answers, in any name. */
function usesOf({ models, assistants, defaults, titles, transcription }: Written): [Path, string][] {
  const fallbacks = Object.entries(models).flatMap(([name, entry]) =>
    typeof entry === 'string'
      ? []
      : (entry.fallback ?? []).map((target, index): [Path, unknown] => [['models', name, 'fallback', index], target]),
  );
  const uses: [Path, unknown][] = [
    ...fallbacks,
    ...assistants.map(({ model }, index): [Path, unknown] => [['assistants', index, 'model'], model]),
    [['defaults', 'model'], defaults.model],
    [['titles', 'model'], titles.model],
    [['transcription', 'model'], transcription.model],
  ];
  return uses.flatMap(([path, name]): [Path, string][] => (typeof name === 'string' && name ? [[path, name]] : []));
}

/** A public name stands for `provider/model`, not for another public name. */
function targetIssues(name: string, entry: z.output<typeof Model>, providers: readonly Known[], names: Names): Issue[] {
  const target = names[name] ?? '';
  if (target === '') return [];
  const path: Path = typeof entry === 'string' ? ['models', name] : ['models', name, 'model'];
  if (Object.hasOwn(names, target) && !isProvider(providers, target)) {
    return [issue(path, `"${target}" is a public name itself: write the provider/model that it stands for`)];
  }
  return modelIssues(path, target, target, providers, []);
}

/** A model that is its own fallback fails twice: by its public name, or by the model that it stands for. */
function selfIssues(name: string, entry: z.output<typeof Model>): Issue[] {
  if (typeof entry === 'string') return [];
  return (entry.fallback ?? []).flatMap((target, index) =>
    target === name || (target !== '' && target === entry.model)
      ? [issue(['models', name, 'fallback', index], 'is the model itself: name another one')]
      : [],
  );
}

function nameIssues(path: Path, name: string, providers: readonly Known[], names: Names): Issue[] {
  // What the name itself stands for is checked where it is defined.
  if (Object.hasOwn(names, name)) return [];
  const { model } = lookUpModel(name, names, (id) => isProvider(providers, id));
  return modelIssues(path, name, model, providers, Object.keys(names));
}

const isProvider = (providers: readonly Known[], id: string): boolean => providers.some((one) => one.id === id);

/** `asked` as it was written, `model` as `provider/model`. `publicNames`: what may be written as well. */
function modelIssues(
  path: Path,
  asked: string,
  model: string,
  providers: readonly Known[],
  publicNames: readonly string[],
): Issue[] {
  const [id = '', ...rest] = model.split('/');
  const modelId = rest.join('/');
  const provider = providers.find((one) => one.id === id);
  if (!provider) return [noProvider(path, model, providers, publicNames)];
  if (modelId === '') return [issue(path, `"${asked}" names no model; write ${id}/<model>`)];
  const { models } = provider;
  if (!models || models.includes(modelId)) return [];
  const message = `${id} offers only the models that it lists, not "${modelId}"`;
  return [issue(path, message, { unknown: modelId, known: models })];
}

const KIND_NAMES = KINDS.map(nameOf);

function noProvider(path: Path, model: string, providers: readonly Known[], publicNames: readonly string[]): Issue {
  const [id = '', ...rest] = model.split('/');
  const ids = [...new Set(providers.map((one) => one.id))];
  const { variables }: Pick<Kind, 'variables'> = KINDS.find((one) => nameOf(one) === id) ?? {};
  if (KIND_NAMES.includes(id)) {
    const variable = variables?.names[variables.enabledBy[0] ?? ''];
    const orSet = variable === undefined ? '' : `, or set ${variable}`;
    return issue(path, `the provider of "${model}" is not configured: add ${id} to providers${orSet}`);
  }
  const message = `no provider for "${model}"; a model is a name of models, or provider/model; known providers: ${ids.join(', ')}`;
  return rest.length === 0
    ? issue(path, message, { unknown: model, known: publicNames })
    : issue(path, message, { unknown: id, known: [...ids, ...KIND_NAMES], rest: `/${rest.join('/')}` });
}

/** Prices and context windows are by the model's id: one that the provider does not offer belongs to nothing. */
function listedIssues(index: number, { models, onlyListed, prices, contextWindows }: Entry): Issue[] {
  if (!models || !onlyListed) return [];
  return Object.entries({ prices, contextWindows }).flatMap(([field, byModel = {}]) =>
    Object.keys(byModel).flatMap((model) => {
      if (models.includes(model)) return [];
      const message = `models, which onlyListed makes all that there are, does not have "${model}"`;
      return [issue(['providers', index, field, model], message, { unknown: model, known: models })];
    }),
  );
}

const issue = (path: Path, message: string, params?: Record<string, unknown>): Issue => ({
  code: 'custom',
  path: [...path],
  message,
  input: undefined,
  ...(params && { params }),
});
