/** A variable that nothing reads, and the one that it was probably meant to be. */
export interface MistypedName {
  readonly name: string;
  readonly meant: string | undefined;
}

/** What Kubernetes puts into every container of a namespace with a service named `auth` or `auth-…`. */
const SERVICE_LINK =
  /^AUTH_([A-Z\d_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z\d_]+)?|PORT(_\d+_[A-Z]+(_(PROTO|PORT|ADDR))?)?)$/;

/** How different a name with the right beginning may be from the one that was meant. */
const NEAR = 4;

/**
 * Variables that look like one of ours and are none: everything that begins with `AUTH_`, however it is written, and what
 * is one of the known names but for one slip, or for its case or separators (`AUTHMODE`, `AUHT_MODE`, `auth-mode`).
 */
export function mistypedNames(names: readonly string[], known: readonly string[]): MistypedName[] {
  return names.flatMap((name) => {
    if (known.includes(name) || SERVICE_LINK.test(name)) return [];
    const meant = nearest(name, known);
    if (/^AUTH[_-]/i.test(name)) return [{ name, meant: meant.distance <= NEAR ? meant.name : undefined }];
    return meant.distance === 0 || (meant.distance === 1 && !/AUTH_/i.test(name)) ? [{ name, meant: meant.name }] : [];
  });
}

function nearest(name: string, known: readonly string[]): { name: string; distance: number } {
  const [first] = known
    .map((one) => ({ name: one, distance: distance(letters(name), letters(one)) }))
    .toSorted((a, b) => a.distance - b.distance);
  return first ?? { name: '', distance: Infinity };
}

const letters = (name: string): string => name.toUpperCase().replace(/[^A-Z\d]/g, '');

/** How many letters have to be inserted, left out, replaced or swapped with their neighbour. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > NEAR) return Infinity;
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
