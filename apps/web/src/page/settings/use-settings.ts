import { useState } from 'react';
import type { Memory, Theme } from '../../chat/memory.js';
import { speak } from './language.js';
import { showTheme } from './theme.js';

export interface Settings {
  /** Undefined: as the browser wants it. */
  readonly language: string | undefined;
  readonly theme: Theme;
  readonly onLanguage: (language: string) => void;
  readonly onTheme: (theme: Theme) => void;
}

/** What a person has set. Another language draws the whole page again: `onSpoken`. */
export function useSettings(memory: Memory, onSpoken: () => void): Settings {
  const [theme, setTheme] = useState(memory.theme);
  return {
    language: memory.language,
    theme,
    onLanguage(language) {
      memory.language = language || undefined;
      void speak(memory.language).then(onSpoken);
    },
    onTheme(chosen) {
      memory.theme = chosen;
      setTheme(chosen);
      showTheme(chosen);
    },
  };
}
