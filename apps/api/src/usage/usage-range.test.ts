import { describe, expect, it } from 'vitest';
import { AppError } from '#runtime';
import { usageRange } from './usage-range.js';

const NOW = new Date('2026-03-01T23:30:00-05:00');

const daysOf = (query: unknown) => {
  const { from, to, since, until } = usageRange(query, NOW);
  expect([since.toISOString(), until.getTime() - Date.parse(to)]).toEqual([`${from}T00:00:00.000Z`, 86_400_000]);
  return [from, to];
};

describe('the days of a usage query', () => {
  it.each([
    [{}, '2026-02-01', '2026-03-02'],
    [{ from: '2026-02-28' }, '2026-02-28', '2026-03-02'],
    [{ to: '2025-12-31' }, '2025-12-02', '2025-12-31'],
    [{ from: '2024-02-29', to: '2024-02-29' }, '2024-02-29', '2024-02-29'],
    [{ from: '2024-01-01', to: '2024-12-31' }, '2024-01-01', '2024-12-31'],
  ])('%j are UTC days, both included', (query, from, to) => {
    expect(daysOf(query)).toEqual([from, to]);
  });

  it.each([
    [{ from: 'yesterday' }, 'from'],
    [{ to: '2026-02-30' }, 'to'],
    [{ from: '2026-3-1' }, 'YYYY-MM-DD'],
    [{ from: '2026-03-01T00:00:00Z' }, 'from'],
    [{ from: ['2026-01-01', '2026-01-02'] }, 'from'],
    [{ form: '2026-03-01' }, 'form'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'after'],
    [{ from: '2026-03-03' }, 'after'],
    [{ from: '2024-01-01', to: '2025-01-01' }, '366 days'],
  ])('%j is refused, in words', (query, word) => {
    const refusal = (() => {
      try {
        return usageRange(query, NOW);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'request.invalid', message: expect.stringContaining(word) });
  });
});
