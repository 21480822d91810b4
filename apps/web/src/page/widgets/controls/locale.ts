import { language } from '../../../i18n/texts.js';

/** How dates and numbers are written: as the browser does, if it speaks the page's language. */
export function locale(): string {
  return navigator.language.split('-')[0] === language ? navigator.language : language;
}
