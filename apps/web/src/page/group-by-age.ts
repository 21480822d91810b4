import type { Thread } from '../protocol/types.js';

export interface ThreadGroup {
  readonly name: string;
  readonly threads: readonly Thread[];
}

const DAY_MS = 86_400_000;
const AGES = [
  { name: 'Today', days: 0 },
  { name: 'Last 7 days', days: 7 },
  { name: 'Last 30 days', days: 30 },
  { name: 'Older', days: Infinity },
] as const;

/** Threads under headings by age, in the user's time zone; empty headings are left out. */
export function groupByAge(threads: readonly Thread[], now: Date): ThreadGroup[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const ageOf = ({ created_at }: Thread): string => {
    const days = (midnight - new Date(created_at).getTime()) / DAY_MS;
    return (AGES.find((age) => days <= age.days) ?? AGES[AGES.length - 1])?.name ?? '';
  };
  return AGES.map(({ name }) => ({ name, threads: threads.filter((thread) => ageOf(thread) === name) })).filter(
    (group) => group.threads.length > 0,
  );
}
