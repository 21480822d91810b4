import type { NamedModel } from './policies/policy-config.js';

/** Public names of models: what people choose, and the `provider/model` that answers. `*` takes every other name. */
export type ModelNameMap = Readonly<Record<string, string | NamedModel>>;

/** What the long form of a public name says beside its model; nothing for any other name. */
export function namedModel(name: string | undefined, names: ModelNameMap): NamedModel | undefined {
  const entry = name !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
  return typeof entry === 'object' ? entry : undefined;
}

/**
 * The `provider/model` behind a name. A name with a provider's prefix stays what it is; `*` in a target stands for the
 * name. Undefined stays undefined: the default model.
 */
export function resolveModelName(
  name: string | undefined,
  names: ModelNameMap,
  isProvider: (id: string) => boolean,
): string | undefined {
  if (name === undefined) return undefined;
  const target = Object.hasOwn(names, name) ? names[name] : undefined;
  if (target !== undefined) return modelOf(target);
  const slash = name.indexOf('/');
  if (slash > 0 && isProvider(name.slice(0, slash))) return name;
  const rest = names['*'];
  return rest === undefined ? name : modelOf(rest).replaceAll('*', () => name);
}

const modelOf = (target: string | NamedModel): string => (typeof target === 'string' ? target : target.model);
