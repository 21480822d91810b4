import { record, records, text } from '../props.js';

export type SeriesKind = 'bar' | 'area' | 'line';

export interface Series {
  readonly kind: SeriesKind;
  readonly key: string;
  readonly label: string;
  readonly color: unknown;
  /** Series of one kind with the same stack stand on each other. */
  readonly stack: string;
  readonly curve: string;
}

/** From where to where a value is drawn; undefined where a row has none. */
export type Span = readonly [from: number, to: number] | undefined;

export interface ChartData {
  readonly categories: readonly string[];
  readonly series: readonly Series[];
  /** By series, then by row. */
  readonly values: readonly (readonly (number | undefined)[])[];
  readonly spans: readonly (readonly Span[])[];
  readonly ticks: readonly number[];
}

type Row = Readonly<Record<string, unknown>>;

/** What a chart shows. */
export function readChart(data: unknown, series: unknown, xAxis: unknown): ChartData {
  const rows = records(data);
  const axis = record(xAxis);
  const key = text(axis?.['dataKey'] ?? xAxis);
  const labels = record(axis?.['labels']) ?? {};
  const named = records(series).map(readSeries);
  const values = named.map((one) => rows.map((row) => numberOf(row[one.key])));
  const spans = stacked(named, values);
  return {
    categories: rows.map((row) => text(labels[text(row[key])]) || text(row[key])),
    series: named,
    values,
    spans,
    ticks: ticksOf(spans.flat().flatMap((span) => span ?? [])),
  };
}

function readSeries(series: Row, index: number): Series {
  const kind = (['bar', 'area', 'line'] as const).find((one) => one === series['type']) ?? 'bar';
  const key = text(series['dataKey']);
  return {
    kind,
    key,
    label: text(series['label']) || key,
    color: series['color'],
    stack: (kind === 'line' ? '' : text(series['stack'])) || `\0${index}`,
    curve: text(series['curveType']),
  };
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** What is above zero grows up, and what is below it down. */
function stacked(series: readonly Series[], values: ChartData['values']): Span[][] {
  const tops = new Map<string, number>();
  return series.map(({ kind, stack }, index) =>
    (values[index] ?? []).map((value, row): Span => {
      if (value === undefined) return undefined;
      const place = `${kind} ${stack} ${row} ${value < 0}`;
      const from = tops.get(place) ?? 0;
      tops.set(place, from + value);
      return [from, from + value];
    }),
  );
}

const TICKS = 4;

/** Round numbers from the lowest value, or zero, to the highest. */
export function ticksOf(values: readonly number[]): number[] {
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  if (low === high) return [0, 1];
  const step = roundStep((high - low) / TICKS);
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return factor * power;
}
