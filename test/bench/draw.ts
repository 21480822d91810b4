import { readFileSync, writeFileSync } from 'node:fs';
import { LauncherError } from '../../tools/engines/launcher-error.js';
import { chartOf, type Panel } from './chart.js';
import { SCENARIOS } from './plan.js';
import { say } from './report.js';
import type { Summary } from './summary.js';

/** Draws what a report says about the CPU of a turn. */
export function draw(reportFile: string, out: string): void {
  const { summary } = JSON.parse(readFileSync(reportFile, 'utf8')) as { summary?: readonly Summary[] };
  const rows = (summary ?? []).filter((row) => row.variant !== 'direct');
  const panels: Panel[] = SCENARIOS.map(({ name, tokens }) => ({
    title: `${name}: CPU of a turn of ${tokens} tokens`,
    rows: rows.filter((row) => row.scenario === name),
  })).filter((panel) => panel.rows.length > 0);
  if (panels.length === 0)
    throw new LauncherError(`${reportFile} is no report of a run without --against or --growth.`);
  writeFileSync(out, chartOf(panels));
  say(`Drawn: ${out}`);
}
