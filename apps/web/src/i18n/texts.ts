import { en, type Texts } from './en/index.js';
import { type Language, LANGUAGES } from './languages.js';

/** The languages of the page; others than English are loaded when they are chosen. */
const LOADERS = {
  en: async () => en,
  de: async () => (await import('./de/index.js')).de,
  fr: async () => (await import('./fr/index.js')).fr,
  es: async () => (await import('./es/index.js')).es,
  ja: async () => (await import('./ja/index.js')).ja,
  ar: async () => (await import('./ar/index.js')).ar,
} as const satisfies Record<Language, () => Promise<Texts>>;

const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set<Language>(['ar']);

/** What the page says. Read it while rendering, never in a constant of a module: it is set before the first render. */
export let texts: Texts = en;
/** The language of `texts`, for dates and numbers. */
export let language: Language = 'en';

export const directionOf = (one: Language): 'ltr' | 'rtl' => (RIGHT_TO_LEFT.has(one) ? 'rtl' : 'ltr');

/** The first of the wanted languages (BCP 47, best first) that the page has, else English. */
export function bestLanguage(wanted: readonly string[]): Language {
  const primary = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return primary.flatMap((tag) => LANGUAGES.find((one) => one === tag) ?? [])[0] ?? 'en';
}

/** Sets `texts` to the best of the wanted languages. If its file cannot be loaded, the page speaks English. */
export async function loadTexts(wanted: readonly string[]): Promise<Language> {
  const best = bestLanguage(wanted);
  const loaded = await LOADERS[best]().catch(() => undefined);
  texts = loaded ?? en;
  language = loaded ? best : 'en';
  return language;
}
