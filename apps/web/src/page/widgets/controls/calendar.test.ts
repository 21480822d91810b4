import { describe, expect, it } from 'vitest';
import { addMonths, clamp, dayByKey, dayOf, firstDayOf, today, weeksOf } from './calendar.js';

describe('days', () => {
  it.each([
    ['2026-11-30', '2026-11-30'],
    ['2026-11-30T23:59:00+02:00', '2026-11-30'],
    ['2026-13-01', undefined],
    ['2026-02-30', '2026-03-02'],
    ['tomorrow', undefined],
    [20_261_130, undefined],
  ])('are read from %s', (value, day) => {
    expect(dayOf(value)).toBe(day);
  });

  it('of today are those of the clock on the wall', () => {
    expect(today(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  });

  it('stay in the month that they are moved to', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-01-31', -2)).toBe('2025-11-30');
  });

  it('stay between the first and the last', () => {
    expect(clamp('2026-01-01', '2026-02-01', undefined)).toBe('2026-02-01');
    expect(clamp('2026-03-01', undefined, '2026-02-01')).toBe('2026-02-01');
    expect(clamp('2026-03-01', undefined, undefined)).toBe('2026-03-01');
  });
});

describe('a month', () => {
  it('has the weeks that it touches', () => {
    const weeks = weeksOf('2026-11-15', 1);
    expect(weeks.map(([first]) => first)).toEqual([
      '2026-10-26',
      '2026-11-02',
      '2026-11-09',
      '2026-11-16',
      '2026-11-23',
      '2026-11-30',
    ]);
    expect(weeksOf('2026-02-10', 0)).toHaveLength(4);
    expect(weeksOf('2026-11-15', 0)[0]?.[0]).toBe('2026-11-01');
  });

  it.each([
    ['ArrowRight', '2026-12-01'],
    ['ArrowLeft', '2026-11-29'],
    ['ArrowDown', '2026-12-07'],
    ['ArrowUp', '2026-11-23'],
    ['PageDown', '2026-12-30'],
    ['PageUp', '2026-10-30'],
    ['Home', '2026-11-30'],
    ['End', '2026-12-06'],
    ['x', undefined],
  ])('is walked through by %s', (key, day) => {
    expect(dayByKey('2026-11-30', key, 1, false)).toBe(day);
  });

  it('is mirrored where text runs from right to left', () => {
    expect(dayByKey('2026-11-30', 'ArrowRight', 1, true)).toBe('2026-11-29');
  });
});

it('begins weeks as the language does', () => {
  expect([firstDayOf('en-US'), firstDayOf('de'), firstDayOf('ar-EG')]).toEqual([0, 1, 6]);
});
