import { describe, expect, it } from 'vitest';
import { place } from './place.js';

const view = { width: 400, height: 600 };
const panel = { width: 100, height: 200 };
const anchor = { left: 150, top: 250, width: 60, height: 30 };

describe('the place of a panel', () => {
  it.each([
    ['bottom', 'start', { x: 150, y: 286 }],
    ['bottom', 'center', { x: 130, y: 286 }],
    ['bottom', 'end', { x: 110, y: 286 }],
    ['top', 'start', { x: 150, y: 44 }],
    ['right', 'start', { x: 216, y: 250 }],
    ['left', 'end', { x: 44, y: 80 }],
  ] as const)('at the %s, %s', (side, align, position) => {
    expect(place(anchor, panel, view, side, align, false)).toEqual(position);
  });

  it('is mirrored where text runs from right to left', () => {
    expect(place(anchor, panel, view, 'bottom', 'start', true)).toEqual({ x: 110, y: 286 });
  });

  it('is on the other side where there is no room', () => {
    expect(place({ ...anchor, top: 550 }, panel, view, 'bottom', 'start', false).y).toBe(344);
    expect(place({ ...anchor, top: 20 }, panel, view, 'top', 'start', false).y).toBe(56);
    expect(place({ ...anchor, left: 330 }, panel, view, 'right', 'start', false).x).toBe(224);
  });

  it('never leaves the window', () => {
    expect(place({ ...anchor, left: 380 }, panel, view, 'bottom', 'start', false).x).toBe(292);
    expect(place({ ...anchor, left: -20 }, panel, view, 'bottom', 'start', false).x).toBe(8);
    expect(place(anchor, { width: 500, height: 900 }, view, 'bottom', 'start', false)).toEqual({ x: 8, y: 8 });
  });
});
