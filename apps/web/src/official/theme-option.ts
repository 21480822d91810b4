import type { ThemeOption } from '@openai/chatkit-react';

type Theme = 'light' | 'dark';

/** The colours of the built-in page (tokens.css). */
export const themeOption = (colorScheme: Theme): ThemeOption => ({
  colorScheme,
  radius: 'soft',
  density: 'normal',
  typography: { baseSize: 16 },
  color: {
    accent: { primary: colorScheme === 'dark' ? '#53c3aa' : '#12705f', level: 1 },
    surface:
      colorScheme === 'dark'
        ? { background: '#17191b', foreground: '#212427' }
        : { background: '#fbfaf8', foreground: '#ffffff' },
  },
});
