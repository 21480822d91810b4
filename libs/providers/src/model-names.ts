/** Public names of models: what people choose, and the `provider/model` that answers. `*` takes every other name. */
export type ModelNameMap = Readonly<Record<string, string>>;

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
  if (target !== undefined) return target;
  const slash = name.indexOf('/');
  if (slash > 0 && isProvider(name.slice(0, slash))) return name;
  return names['*']?.replaceAll('*', () => name) ?? name;
}
