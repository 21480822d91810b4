import { ROLES } from './report.js';
import type { Summary } from './summary.js';

/** CPU of a turn by variant, one bar each, in parts by role. */
export interface Panel {
  readonly title: string;
  readonly rows: readonly Summary[];
}

const WIDTH = 760;
const BARS_FROM = 110;
const BARS_TO = 610;
const ROW = 26;
const BAR = 18;
const HEAD = 40;
const LEGEND = 30;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .api { fill: #3b6fd4 } .worker { fill: #e08a2e } .redis { fill: #c94f5d } .postgres { fill: #4d9a6a }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }`;

/** An SVG file; it follows the reader's choice of light or dark. */
export function chartOf(panels: readonly Panel[]): string {
  const parts: string[] = [legend()];
  let top = LEGEND;
  for (const panel of panels) {
    parts.push(panelAt(panel, top));
    top += HEAD + panel.rows.length * ROW;
  }
  const size = `width="${WIDTH}" height="${top + 8}" viewBox="0 0 ${WIDTH} ${top + 8}"`;
  const title = panels.map((panel) => panel.title).join('; ');
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${title}"><style>${STYLE}\n</style>\n${parts.join('\n')}\n</svg>\n`;
}

const legend = (): string =>
  ROLES.map((role, place) => {
    const x = BARS_FROM + place * 100;
    return `<rect class="${role}" x="${x}" y="8" width="12" height="12"/><text x="${x + 18}" y="19">${role}</text>`;
  }).join('');

function panelAt({ title, rows }: Panel, top: number): string {
  const longest = Math.max(...rows.map((row) => row.cpuTotal));
  const scale = (BARS_TO - BARS_FROM) / longest;
  const bars = rows.map((row, place) => barAt(row, top + HEAD + place * ROW, scale));
  return [`<text class="title" x="0" y="${top + 24}">${title}</text>`, ...bars].join('\n');
}

function barAt({ variant, cpu, cpuTotal, overInline }: Summary, top: number, scale: number): string {
  let x = BARS_FROM;
  const parts = ROLES.filter((role) => cpu[role]).map((role) => {
    const width = (cpu[role] ?? 0) * scale;
    const part = `<rect class="${role}" x="${x.toFixed(1)}" y="${top}" width="${width.toFixed(1)}" height="${BAR}"/>`;
    x += width;
    return part;
  });
  const ratio = overInline === undefined || variant === 'inline' ? '' : `, ${overInline.median.toFixed(2)} ×`;
  const label = `${(cpuTotal / 1_000).toFixed(2)} ms${ratio}`;
  const name = variant === 'product' ? ' class="title"' : '';
  const baseline = top + BAR - 4;
  return (
    `<text${name} x="0" y="${baseline}">${variant}</text>${parts.join('')}` +
    `<text x="${(x + 8).toFixed(1)}" y="${baseline}">${label}</text>`
  );
}
