import type { Language } from './languages.js';

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** The form of a word for a number, by the rules of the language. A `#` in it becomes the number, in its digits. */
export function plural(language: Language, count: number, forms: Forms): string {
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return form.replace('#', new Intl.NumberFormat(language).format(count));
}
