import { directionOf, loadTexts } from '../../i18n/texts.js';

/** Sets the texts of the page: in the language that was chosen, or else in the browser's. */
export async function speak(chosen: string | undefined): Promise<void> {
  const language = await loadTexts([...(chosen ? [chosen] : []), ...navigator.languages]);
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}
