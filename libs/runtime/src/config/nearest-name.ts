/** How different a name may be from the one that was meant, in slips. */
const NEAR = 4;

export interface NearestName {
  readonly name: string;
  /** 0: the same letters, in another case or with other separators. */
  readonly distance: number;
}

/** The one of the known names that takes the fewest slips; undefined if all of them take more than `within`. */
export function nearestName(name: string, known: readonly string[], within = NEAR): NearestName | undefined {
  const given = letters(name);
  const [first] = known
    .map((one) => ({ name: one, letters: letters(one) }))
    .filter((one) => Math.abs(one.letters.length - given.length) <= within)
    .map((one) => ({ name: one.name, distance: distance(given, one.letters) }))
    .toSorted((a, b) => a.distance - b.distance);
  return first && first.distance <= within ? first : undefined;
}

/**
 * `; did you mean "…"?`, or nothing when no known name is like it. Short names allow fewer slips than long ones. `rest` is put
 * behind the name.
 */
export function didYouMean(name: string, known: readonly string[], rest = ''): string {
  const meant = nearestName(name, known);
  const allowed = Math.max(1, Math.ceil(Math.min(name.length, meant?.name.length ?? 0) / 3));
  return meant && meant.distance <= allowed && meant.name !== name ? `; did you mean "${meant.name}${rest}"?` : '';
}

const letters = (name: string): string => name.toUpperCase().replace(/[^A-Z\d]/g, '');

/** How many letters have to be inserted, left out, replaced or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (beforeLast[j - 2] ?? Infinity) + 1 : Infinity;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1), swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? Infinity;
}
