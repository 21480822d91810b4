import { afterEach, describe, expect, it } from 'vitest';
import { plural } from './plural.js';
import { LANGUAGES } from './languages.js';
import { bestLanguage, directionOf, language, loadTexts, texts } from './texts.js';

afterEach(() => loadTexts(['en']));

describe('the language of the page', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['pt-BR', 'es-MX', 'en'], 'es'],
    [['AR-eg'], 'ar'],
    [['xx'], 'en'],
    [[], 'en'],
  ])('for %j is %s', (wanted, best) => {
    expect(bestLanguage(wanted)).toBe(best);
  });

  it('is a live binding', async () => {
    await loadTexts(['fr-CA']);
    expect([language, texts.core.newChat]).toEqual(['fr', 'Nouvelle discussion']);
  });

  it('runs from right to left in Arabic alone', () => {
    expect(LANGUAGES.filter((one) => directionOf(one) === 'rtl')).toEqual(['ar']);
  });

  it.each(LANGUAGES)('leaves nothing empty (%s)', async (one) => {
    await loadTexts([one]);
    const said = Object.values(texts).flatMap((area) => Object.entries<unknown>(area));
    expect(said.filter(([, text]) => text === '').map(([key]) => key)).toEqual([]);
  });
});

it('forms plurals by the rules of each language', () => {
  const forms = { one: 'one', two: 'two', few: 'few #', many: 'many', other: 'other #' };
  expect([1, 2, 3, 11].map((count) => plural('ar', count, forms))).toEqual(['one', 'two', 'few 3', 'many']);
  expect([1, 2].map((count) => plural('en', count, forms))).toEqual(['one', 'other 2']);
});
