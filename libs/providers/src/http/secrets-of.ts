/** The settings whose names mark them as secret, at any depth. */
export function secretsOf(settings: unknown, name = ''): string[] {
  if (typeof settings === 'string')
    return /key|token|secret|password|credential|authorization/i.test(name) ? [settings] : [];
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([field, value]) => secretsOf(value, `${name}.${field}`));
}
