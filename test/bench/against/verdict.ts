import type { Comparison, Verdict } from './compare.js';
import type { Findings, SplitFinding } from './findings.js';
import { number } from './numbers.js';

const UNITS = ['turn', 'token'] as const;

/** Of a start only these are judged: how long it took says more about what else the machine did. */
const JUDGED_OF_STARTS = new Set(['CPU ms until ready', 'MB resident when ready']);

/** What the whole run says, group by group: the parts are for finding out why. */
export function verdictLines({ boots, times, counts }: Findings): string[] {
  const counted = splitClaims(counts);
  const starts = boots
    .filter((one) => isWhole(one) && JUDGED_OF_STARTS.has(one.group))
    .map(({ group, comparison }) => ({ what: group, comparison }));
  return [
    ...judged('counted work', 'not higher', counted.filter(is('higher'))),
    ...judged('counted work', undefined, counted.filter(is('lower'))),
    ...judged('CPU', 'inside the A/A spread', splitClaims(times).filter(isDifferent)),
    ...judged('start', 'inside the A/A spread', starts.filter(isDifferent)),
  ];
}

interface Claim {
  readonly what: string;
  readonly comparison: Comparison;
}

const isWhole = ({ part }: { readonly part: string | undefined }): boolean => part === undefined;

const is = (verdict: Verdict) => (claim: Claim) => claim.comparison.verdict === verdict;

const isDifferent = ({ comparison }: Claim): boolean => comparison.verdict !== 'same';

const splitClaims = (findings: readonly SplitFinding[]): Claim[] =>
  findings
    .filter(isWhole)
    .flatMap((one) =>
      UNITS.map((unit) => ({ what: `${one.shape.name}, ${one.group} a ${unit}`, comparison: one[unit] })),
    );

/** One line for each claim that stands out, or the line that says that none does. */
function judged(subject: string, otherwise: string | undefined, claims: readonly Claim[]): string[] {
  if (claims.length === 0) return otherwise === undefined ? [] : [`${subject}: ${otherwise}`];
  return claims.map(
    ({ what, comparison }) =>
      `${subject} ${comparison.verdict.toUpperCase()}: ${what}: ${number(comparison.this)} against ${number(comparison.other)} ` +
      `(two instances of this build differed by up to ${number(comparison.spread)})`,
  );
}
