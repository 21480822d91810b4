import { lazy, Suspense } from 'react';
import type { Node } from '../kind.js';
import { blockStyle, count, flag, flexOf, record } from '../props.js';
import { readChart } from './chart-data.js';
import { ChartTable } from './chart-table.js';

const Plot = lazy(() => import('./chart-plot.js'));

/** Rows of numbers, drawn; and as a table for those who cannot see the drawing. */
export function Chart({ node }: { readonly node: Node<'Chart'> }) {
  const chart = readChart(node.data, node.series, node.xAxis);
  const { barGap, barCategoryGap } = node;
  return (
    <figure className="w-chart" style={{ ...blockStyle(node), flex: flexOf(node.flex) }}>
      <Suspense fallback={<div className="w-plot" />}>
        <Plot
          chart={chart}
          hasXAxis={!flag(record(node.xAxis)?.['hide'])}
          hasYAxis={flag(node.showYAxis)}
          hasLegend={typeof node.showLegend === 'boolean' ? node.showLegend : chart.series.length > 1}
          hasTooltip={node.showTooltip !== false}
          barGap={barGap === 0 ? 0 : count(barGap)}
          categoryGap={barCategoryGap === 0 ? 0 : count(barCategoryGap)}
        />
      </Suspense>
      <ChartTable chart={chart} />
    </figure>
  );
}
