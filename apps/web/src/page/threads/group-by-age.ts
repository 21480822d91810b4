import { texts } from '../../i18n/texts.js';
import type { Thread } from '../../protocol/types.js';

export interface ThreadGroup {
  readonly name: string;
  readonly threads: readonly Thread[];
}

const DAY_MS = 86_400_000;
const ages = () =>
  [
    { name: texts.core.today, days: 0 },
    { name: texts.core.lastWeek, days: 7 },
    { name: texts.core.lastMonth, days: 30 },
    { name: texts.core.older, days: Infinity },
  ] as const;

/** Threads under headings by age, in the user's time zone; empty headings are left out. */
export function groupByAge(threads: readonly Thread[], now: Date): ThreadGroup[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const all = ages();
  const ageOf = ({ created_at }: Thread): string => {
    const days = (midnight - new Date(created_at).getTime()) / DAY_MS;
    return (all.find((age) => days <= age.days) ?? all[all.length - 1])?.name ?? '';
  };
  return all
    .map(({ name }) => ({ name, threads: threads.filter((thread) => ageOf(thread) === name) }))
    .filter((group) => group.threads.length > 0);
}
