import type { DefinedMetric } from './all-metrics.js';

/** The table of docs/operations.md, as prettier writes it: `npx vitest run --project unit test/deploy/observability` shows it when it differs. */
export function metricTable(metrics: readonly DefinedMetric[]): string {
  const rows = metrics
    .filter(({ name }) => name.startsWith('chatkit_relay_'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labels, of, help }) => [
      `\`${name}\``,
      type,
      labels.map((one) => `\`${one}\``).join(', '),
      of,
      help,
    ]);
  const table = [['metric', 'type', 'labels', 'of', 'is'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
}
