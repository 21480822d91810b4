import type { Area } from './browser-storage.js';

/** Integrations of the official component use this key, too: both pages open the same thread. */
const THREAD_KEY = 'chatkit-thread-id';
const MODEL_KEY = 'chatkit-model';
const ASSISTANT_KEY = 'chatkit-assistant';
const THEME_KEY = 'chatkit-theme';
const LANGUAGE_KEY = 'chatkit-language';

/** `system`: as the browser wants it. */
export type Theme = 'system' | 'light' | 'dark';

/** What survives a reload. If the browser refuses to store it, the page works without. */
export class Memory {
  constructor(private readonly kept: Area) {}

  get threadId(): string | undefined {
    return read(this.kept, THREAD_KEY);
  }
  set threadId(id: string | undefined) {
    write(this.kept, THREAD_KEY, id);
  }

  get model(): string | undefined {
    return read(this.kept, MODEL_KEY);
  }
  set model(id: string | undefined) {
    write(this.kept, MODEL_KEY, id);
  }

  get assistant(): string | undefined {
    return read(this.kept, ASSISTANT_KEY);
  }
  set assistant(id: string | undefined) {
    write(this.kept, ASSISTANT_KEY, id);
  }

  get theme(): Theme {
    const theme = read(this.kept, THEME_KEY);
    return theme === 'light' || theme === 'dark' ? theme : 'system';
  }
  set theme(theme: Theme) {
    write(this.kept, THEME_KEY, theme === 'system' ? undefined : theme);
  }

  /** The language that the person has chosen, over the browser's. */
  get language(): string | undefined {
    return read(this.kept, LANGUAGE_KEY);
  }
  set language(language: string | undefined) {
    write(this.kept, LANGUAGE_KEY, language);
  }
}

function read(area: Area, key: string): string | undefined {
  try {
    return area.getItem(key) || undefined;
  } catch {
    return undefined;
  }
}

function write(area: Area, key: string, value: string | undefined): void {
  try {
    if (value === undefined) area.removeItem(key);
    else area.setItem(key, value);
  } catch {
    // Full or forbidden: see above.
  }
}
