import { createContext, useContext } from 'react';
import type { Theme } from '../../chat/memory.js';

/** How the page's theme is set: as in its settings. */
export const ThemeSetter = createContext<(theme: Theme) => void>(() => undefined);

export const useThemeSetter = (): ((theme: Theme) => void) => useContext(ThemeSetter);
