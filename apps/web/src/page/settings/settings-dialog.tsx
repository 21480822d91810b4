import { useId } from 'react';
import type { Theme } from '../../chat/memory.js';
import { type Language, LANGUAGES } from '../../i18n/languages.js';
import { texts } from '../../i18n/texts.js';
import { Dialog } from '../dialog.js';
import type { Settings } from './use-settings.js';

interface SettingsDialogProps {
  readonly settings: Settings;
  readonly onClose: () => void;
}

/** Each language in its own words: whoever looks for it does not read the others. */
const NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ja: '日本語',
  ar: 'العربية',
};

export function SettingsDialog({ settings: { language, theme, onLanguage, onTheme }, onClose }: SettingsDialogProps) {
  const languageId = useId();
  const themes: readonly { readonly value: Theme; readonly label: string }[] = [
    { value: 'system', label: texts.core.system },
    { value: 'light', label: texts.core.light },
    { value: 'dark', label: texts.core.dark },
  ];
  return (
    <Dialog title={texts.core.settings} onClose={onClose}>
      <div className="setting">
        <label htmlFor={languageId}>{texts.core.language}</label>
        <select id={languageId} value={language ?? ''} onChange={(event) => onLanguage(event.target.value)}>
          <option value="">{texts.core.asBrowser}</option>
          {LANGUAGES.map((one) => (
            <option key={one} value={one} lang={one}>
              {NAMES[one]}
            </option>
          ))}
        </select>
      </div>
      <fieldset className="setting">
        <legend>{texts.core.theme}</legend>
        <div className="segments">
          {themes.map(({ value, label }) => (
            <label key={value}>
              <input
                type="radio"
                name="theme"
                value={value}
                checked={theme === value}
                onChange={() => onTheme(value)}
                className="visually-hidden"
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </Dialog>
  );
}
