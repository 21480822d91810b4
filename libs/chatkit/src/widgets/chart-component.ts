import { z } from 'zod';
import { block, Color, component, Length } from './widget-props.js';

const curveType = z.enum([
  'basis',
  'basisClosed',
  'basisOpen',
  'bumpX',
  'bumpY',
  'bump',
  'linear',
  'linearClosed',
  'natural',
  'monotoneX',
  'monotoneY',
  'monotone',
  'step',
  'stepBefore',
  'stepAfter',
]);

const series = { dataKey: z.string(), label: z.string().optional(), color: Color.optional() };
const stack = z.string().optional();

const ChartSeries = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('bar'), ...series, stack }),
  z.looseObject({ type: z.literal('area'), ...series, stack, curveType: curveType.optional() }),
  z.looseObject({ type: z.literal('line'), ...series, curveType: curveType.optional() }),
]);

const axis = z.looseObject({
  dataKey: z.string(),
  hide: z.boolean().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

/** Rows of numbers as bars, areas and lines [WG-2]. */
export const ChartComponent = component('Chart', {
  data: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  series: z.array(ChartSeries),
  xAxis: z.union([z.string(), axis]),
  showYAxis: z.boolean().optional(),
  showLegend: z.boolean().optional(),
  showTooltip: z.boolean().optional(),
  barGap: z.int().optional(),
  barCategoryGap: z.int().optional(),
  flex: Length.optional(),
  ...block,
});
