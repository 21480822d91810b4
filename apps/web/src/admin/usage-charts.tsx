import { lazy, Suspense } from 'react';
import { readChart } from '../page/widgets/chart/chart-data.js';

/** The same drawing as in the widgets of answers. */
const Plot = lazy(() => import('../page/widgets/chart/chart-plot.js'));

interface ChartProps {
  readonly title: string;
  readonly rows: readonly object[];
  readonly series: readonly object[];
}

/** By day. The tables beside it have the numbers for those who do not see it. */
export function DayChart({ title, rows, series }: ChartProps) {
  return (
    <figure className="widget w-chart a-chart">
      <figcaption>{title}</figcaption>
      <Suspense fallback={<div className="w-plot" />}>
        <Plot
          chart={readChart(rows, series, 'day')}
          hasXAxis
          hasYAxis
          hasLegend={series.length > 1}
          hasTooltip
          barGap={undefined}
          categoryGap={undefined}
        />
      </Suspense>
    </figure>
  );
}

/** A model or a user, with numbers for each day. */
interface Trend {
  readonly name: string;
  readonly values: readonly number[];
}

interface TrendChartProps {
  readonly title: string;
  readonly days: readonly string[];
  readonly trends: readonly Trend[];
  /** Of all, for each day: what the trends leave of it is of the others. */
  readonly totals: readonly number[];
}

/** Whose share each day was: those that used most, and all others together. */
export function TrendChart({ title, days, trends, totals }: TrendChartProps) {
  const others = totals.map((total, day) => trends.reduce((left, { values }) => left - (values[day] ?? 0), total));
  // Sums of fractions leave a remainder that is nobody's.
  const hasOthers = others.some((value, day) => value > (totals[day] ?? 0) * 1e-9);
  const shown = hasOthers ? [...trends, { name: 'All others', values: others }] : trends;
  const rows = days.map((day, index) => ({
    day,
    ...Object.fromEntries(shown.map(({ values }, nth) => [`n${nth}`, Math.max(0, values[index] ?? 0)])),
  }));
  const series = shown.map(({ name }, nth) => ({ type: 'bar', dataKey: `n${nth}`, label: name, stack: 'all' }));
  return <DayChart title={title} rows={rows} series={series} />;
}
