/** Nearest-rank percentile; 0 for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** `p50 12 ms, p99 80 ms` of durations in milliseconds. */
export function spread(values: readonly number[], shares: readonly number[]): string {
  return shares.map((share) => `p${share * 100} ${Math.round(percentile(values, share))} ms`).join(', ');
}

/** One line for whoever reads the run of the suite. */
export function tell(scenario: string, figures: Readonly<Record<string, number | string>>): void {
  const facts = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`chaos · ${scenario}: ${facts.join(' · ')}\n`);
}
