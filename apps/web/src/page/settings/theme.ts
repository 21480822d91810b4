import type { Theme } from '../../chat/memory.js';

/** Every colour of the page follows this property of its root element; see `styles/tokens.css`. */
export function showTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = theme === 'system' ? '' : theme;
  const colours = { light: '#fbfaf8', dark: '#17191b' };
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = colours[theme === 'system' ? own : theme];
  }
}
