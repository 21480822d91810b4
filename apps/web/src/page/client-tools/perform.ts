import type { PageCall } from '../../chat/client-tools.js';
import type { Theme } from '../../chat/memory.js';
import { language } from '../../i18n/texts.js';
import { copyText } from '../copy-button.js';

/**
 * Carries out a call, and returns what the model is told. Rejects if the browser does not let it.
 * @param languageOf the language of the page
 */
export async function perform(
  call: PageCall,
  setTheme: (theme: Theme) => void,
  languageOf = (): string => language,
): Promise<object> {
  switch (call.name) {
    case 'get_page_context':
      return pageContext(languageOf());
    case 'set_theme':
      setTheme(call.theme);
      return { theme: call.theme };
    case 'copy_to_clipboard':
      await copyText(call.text);
      return { copied: true };
    case 'open_link':
      // The new page cannot reach this one, and is not told where its reader comes from.
      window.open(call.url, '_blank', 'noopener,noreferrer');
      return { opened: call.url };
  }
}

function pageContext(pageLanguage: string): object {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark';
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const isLight = getComputedStyle(document.documentElement).colorScheme === 'light';
  return {
    url: location.href,
    title: document.title,
    language: pageLanguage,
    timeZone,
    localTime: new Date().toString(),
    theme: isDark || (prefersDark && !isLight) ? 'dark' : 'light',
    width: innerWidth,
    height: innerHeight,
  };
}
