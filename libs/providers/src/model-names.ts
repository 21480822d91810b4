import type { Named } from './policies/call-rules.js';
import type { NamedModel } from './spec/policy-config.js';

/** Public names of models: what people choose, and the `provider/model` that answers. `*` takes every other name. */
export type ModelNameMap = Readonly<Record<string, string | NamedModel>>;

/** What a name resolves to: `provider/model`, or the name itself when it is unknown. */
export interface NamedTarget {
  readonly model: string;
  /** Of a name in its long form. */
  readonly named?: Named;
}

/**
 * Resolves a name. A name with a provider's prefix stays unchanged; `*` in a target is replaced by the name.
 */
export function lookUpModel(name: string, names: ModelNameMap, isProvider: (id: string) => boolean): NamedTarget {
  if (Object.hasOwn(names, name)) return targetOf(name, names[name] as string | NamedModel);
  const slash = name.indexOf('/');
  if (slash > 0 && isProvider(name.slice(0, slash))) return { model: name };
  const rest = names['*'];
  if (rest === undefined) return { model: name };
  const { model, ...more } = targetOf('*', rest);
  return { model: model.replaceAll('*', () => name), ...more };
}

const targetOf = (name: string, target: string | NamedModel): NamedTarget =>
  typeof target === 'string' ? { model: target } : { model: target.model, named: { name, settings: target } };
