import { nearestName } from './nearest-name.js';

/** A variable that nothing reads, and the one that it was probably meant to be. */
export interface MistypedName {
  readonly name: string;
  readonly meant: string | undefined;
}

/**
 * Variables that look like one of ours and are none: everything that begins with `AUTH_`, however it is written, and what
 * is one of the known names but for one slip, or for its case or separators (`AUTHMODE`, `AUHT_MODE`, `auth-mode`).
 */
export function mistypedNames(names: readonly string[], known: readonly string[]): MistypedName[] {
  return names.flatMap((name) => {
    if (known.includes(name)) return [];
    const meant = nearestName(name, known);
    if (/^AUTH[_-]/i.test(name)) return [{ name, meant: meant?.name }];
    if (!meant) return [];
    return meant.distance === 0 || (meant.distance === 1 && !/AUTH_/i.test(name)) ? [{ name, meant: meant.name }] : [];
  });
}
