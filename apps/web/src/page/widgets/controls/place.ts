export type Side = 'top' | 'bottom' | 'left' | 'right';
export type Align = 'start' | 'center' | 'end';

interface Size {
  readonly width: number;
  readonly height: number;
}
type Box = Size & { readonly left: number; readonly top: number };

const GAP = 6;
const EDGE = 8;

/** Where a panel goes beside its anchor: on the wanted side, on the other one if there is more room, and always inside the window. */
export function place(
  anchor: Box,
  panel: Size,
  view: Size,
  side: Side,
  align: Align,
  isRtl: boolean,
): { readonly x: number; readonly y: number } {
  const isAcross = side === 'left' || side === 'right';
  const [across, along] = [
    { start: anchor.left, length: anchor.width, panel: panel.width, view: view.width },
    { start: anchor.top, length: anchor.height, panel: panel.height, view: view.height },
  ] as const;
  const before = side === 'top' || side === 'left';
  const x = isAcross ? beside(across, before) : aligned(across, isRtl ? MIRRORED[align] : align);
  const y = isAcross ? aligned(along, align) : beside(along, before);
  return { x: inside(x, panel.width, view.width), y: inside(y, panel.height, view.height) };
}

const MIRRORED = { start: 'end', center: 'center', end: 'start' } as const;

interface Axis {
  readonly start: number;
  readonly length: number;
  readonly panel: number;
  readonly view: number;
}

function beside({ start, length, panel, view }: Axis, wantsBefore: boolean): number {
  const room = { before: start, after: view - start - length };
  const needed = panel + GAP + EDGE;
  const isBefore = wantsBefore
    ? room.before >= needed || room.before > room.after
    : room.after < needed && room.before > room.after;
  return isBefore ? start - panel - GAP : start + length + GAP;
}

function aligned({ start, length, panel }: Axis, align: Align): number {
  if (align === 'start') return start;
  return align === 'end' ? start + length - panel : start + (length - panel) / 2;
}

const inside = (position: number, length: number, view: number): number =>
  Math.max(EDGE, Math.min(position, view - length - EDGE));
