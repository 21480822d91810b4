import { area, line } from 'd3-shape';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { colorOf } from '../colors.js';
import { locale } from '../controls/locale.js';
import { type ChartData, type Series, type Span } from './chart-data.js';
import { areaCurveOf, curveOf } from './curves.js';

interface PlotProps {
  readonly chart: ChartData;
  readonly hasXAxis: boolean;
  readonly hasYAxis: boolean;
  readonly hasLegend: boolean;
  readonly hasTooltip: boolean;
  readonly barGap: number | undefined;
  readonly categoryGap: number | undefined;
}

const COLORS = 6;
const seriesColor = (series: Series, index: number): string =>
  colorOf(series.color, 'text') ?? `var(--w-chart-${(index % COLORS) + 1})`;

const LABEL_HEIGHT = 22;
const CHAR_WIDTH = 6.6;
const EDGE = 6;

/** The drawing itself; a file of its own with the library of curves. */
export default function ChartPlot(props: PlotProps) {
  const { chart, hasLegend, hasTooltip } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const [active, setActive] = useState<number>();
  const count = chart.categories.length;

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === 'Escape' && active !== undefined) {
      event.preventDefault();
      setActive(undefined);
    }
    if (step === undefined || count === 0) return;
    event.preventDefault();
    setActive(active === undefined ? 0 : Math.max(0, Math.min(count - 1, active + step)));
  };
  const interaction = hasTooltip
    ? {
        tabIndex: 0,
        role: 'group',
        'aria-label': chart.series.map(({ label }) => label).join(', '),
        onKeyDown,
        onBlur: () => setActive(undefined),
        onPointerLeave: () => setActive(undefined),
      }
    : {};

  return (
    <>
      <div ref={frame} className="w-plot" dir="ltr" {...interaction}>
        {width > 0 && height > 0 && (
          <Drawing
            {...props}
            width={width}
            height={height}
            active={active}
            onActive={hasTooltip ? setActive : undefined}
          />
        )}
        {hasTooltip && active !== undefined && <Tooltip chart={chart} row={active} width={width} />}
      </div>
      {hasLegend && (
        <ul className="w-legend" aria-hidden="true">
          {chart.series.map((series, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- series have no names that must differ
            <li key={index}>
              <i data-kind={series.kind} style={{ backgroundColor: seriesColor(series, index) }} />
              {series.label}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface DrawingProps extends PlotProps {
  readonly width: number;
  readonly height: number;
  readonly active: number | undefined;
  readonly onActive: ((row: number | undefined) => void) | undefined;
}

function Drawing({
  chart,
  hasXAxis,
  hasYAxis,
  barGap = 3,
  categoryGap,
  width,
  height,
  active,
  onActive,
}: DrawingProps) {
  const { categories, series, spans, ticks } = chart;
  const format = new Intl.NumberFormat(locale(), { notation: 'compact', maximumFractionDigits: 2 });
  const left = hasYAxis ? Math.max(...ticks.map((tick) => format.format(tick).length)) * CHAR_WIDTH + 10 : EDGE;
  const [top, right, bottom] = [EDGE + 2, width - EDGE, height - (hasXAxis ? LABEL_HEIGHT : EDGE)];
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const y = (value: number): number => bottom - ((value - low) / (high - low || 1)) * (bottom - top);
  const hasBars = series.some(({ kind }) => kind === 'bar');
  const band = (right - left) / Math.max(1, categories.length);
  // Lines reach from edge to edge; bars have the width of their category.
  const step = hasBars || categories.length < 2 ? band : (right - left) / (categories.length - 1);
  const x = (row: number): number => (hasBars || categories.length < 2 ? left + band * (row + 0.5) : left + step * row);
  const bars = barPlaces(series, band, barGap, categoryGap ?? band * 0.25);

  return (
    <svg width={width} height={height} aria-hidden="true" focusable="false">
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="w-grid" data-zero={tick === 0 || undefined} x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          {hasYAxis && (
            <text className="w-tick" x={left - 6} y={y(tick)} textAnchor="end" dominantBaseline="middle">
              {format.format(tick)}
            </text>
          )}
        </g>
      ))}
      {hasXAxis && <XLabels categories={categories} x={x} step={step} y={bottom + 15} width={width} />}
      {active !== undefined && <line className="w-cursor" x1={x(active)} x2={x(active)} y1={top} y2={bottom} />}
      {series.map((one, index) => (
        <Shape
          // oxlint-disable-next-line react/no-array-index-key -- series have no names that must differ
          key={index}
          series={one}
          color={seriesColor(one, index)}
          spans={spans[index] ?? []}
          bar={bars[index]}
          x={x}
          y={y}
          active={active}
        />
      ))}
      {onActive &&
        categories.map((_, row) => (
          <rect
            // oxlint-disable-next-line react/no-array-index-key -- rows have no names that must differ
            key={row}
            className="w-sense"
            x={x(row) - step / 2}
            y={0}
            width={step}
            height={height}
            onPointerEnter={() => onActive(row)}
            onPointerDown={() => onActive(row)}
          />
        ))}
    </svg>
  );
}

interface Bar {
  readonly offset: number;
  readonly width: number;
}

/** Bars of one stack share a place; the places of a category stand side by side. */
function barPlaces(series: readonly Series[], band: number, gap: number, categoryGap: number): (Bar | undefined)[] {
  const stacks = [...new Set(series.filter(({ kind }) => kind === 'bar').map(({ stack }) => stack))];
  const room = Math.max(1, band - Math.min(categoryGap, band * 0.9));
  const between = Math.min(gap, room / Math.max(1, stacks.length) / 2);
  const width = Math.max(1, (room - between * (stacks.length - 1)) / Math.max(1, stacks.length));
  return series.map(({ kind, stack }) =>
    kind === 'bar' ? { width, offset: -room / 2 + stacks.indexOf(stack) * (width + between) } : undefined,
  );
}

interface ShapeProps {
  readonly series: Series;
  readonly color: string;
  readonly spans: readonly Span[];
  readonly bar: Bar | undefined;
  readonly x: (row: number) => number;
  readonly y: (value: number) => number;
  readonly active: number | undefined;
}

function Shape({ series, color, spans, bar, x, y, active }: ShapeProps) {
  if (bar) {
    return spans.map((span, row) => {
      if (!span || span[0] === span[1]) return null;
      const [from, to] = span.map(y) as [number, number];
      return (
        <rect
          // oxlint-disable-next-line react/no-array-index-key -- rows have no names that must differ
          key={row}
          className="w-bar"
          x={x(row) + bar.offset}
          y={Math.min(from, to)}
          width={bar.width}
          height={Math.max(1, Math.abs(to - from))}
          rx={Math.min(3, bar.width / 4)}
          style={{ fill: color, opacity: active === undefined || active === row ? undefined : 0.55 }}
        />
      );
    });
  }
  const drawLine = line<Span>(
    (_, row) => x(row),
    (span) => y(span?.[1] ?? 0),
  ).defined(Boolean);
  const path = drawLine.curve((series.kind === 'area' ? areaCurveOf : curveOf)(series.curve))([...spans]);
  const filled =
    series.kind === 'area' &&
    area<Span>(
      (_, row) => x(row),
      (span) => y(span?.[0] ?? 0),
      (span) => y(span?.[1] ?? 0),
    )
      .defined(Boolean)
      .curve(areaCurveOf(series.curve))([...spans]);
  const marked = active === undefined ? undefined : spans[active];
  return (
    <>
      {filled && <path className="w-area" d={filled} style={{ fill: color }} />}
      <path className="w-line" d={path ?? ''} style={{ stroke: color }} />
      {(spans.length === 1 ? spans[0] : marked) && (
        <circle
          cx={x(active ?? 0)}
          cy={y((marked ?? spans[0])?.[1] ?? 0)}
          r={4}
          className="w-point"
          style={{ fill: color }}
        />
      )}
    </>
  );
}

interface XLabelsProps {
  readonly categories: readonly string[];
  readonly x: (row: number) => number;
  readonly step: number;
  readonly y: number;
  readonly width: number;
}

/** As many as fit beside each other. */
function XLabels({ categories, x, step, y, width }: XLabelsProps) {
  const longest = Math.max(1, ...categories.map((category) => Math.min(category.length, 16)));
  const every = Math.max(1, Math.ceil((longest * CHAR_WIDTH + 8) / step));
  return categories.map((category, row) => {
    if (row % every !== 0) return null;
    const shown = category.length > 16 ? `${category.slice(0, 15)}…` : category;
    const half = (shown.length * CHAR_WIDTH) / 2;
    return (
      // oxlint-disable-next-line react/no-array-index-key -- rows have no names that must differ
      <text key={row} className="w-tick" x={Math.max(half, Math.min(x(row), width - half))} y={y} textAnchor="middle">
        {shown}
      </text>
    );
  });
}

interface TooltipProps {
  readonly chart: ChartData;
  readonly row: number;
  readonly width: number;
}

function Tooltip({ chart: { categories, series, values }, row, width }: TooltipProps) {
  const format = new Intl.NumberFormat(locale(), { maximumFractionDigits: 4 });
  const isLate = row > (categories.length - 1) / 2;
  return (
    <div className="w-tooltip" role="status" style={{ [isLate ? 'left' : 'right']: 0, maxWidth: width / 2 }} dir="auto">
      <strong>{categories[row]}</strong>
      {series.map((one, index) => {
        const value = values[index]?.[row];
        return (
          // oxlint-disable-next-line react/no-array-index-key -- series have no names that must differ
          <span key={index}>
            <i style={{ backgroundColor: seriesColor(one, index) }} />
            {one.label}
            <b>{value === undefined ? '–' : format.format(value)}</b>
          </span>
        );
      })}
    </div>
  );
}

function useSize(element: React.RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
