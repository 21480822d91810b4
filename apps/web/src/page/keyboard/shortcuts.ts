import { texts } from '../../i18n/texts.js';

/** What the page does by keyboard, besides what its fields do. */
export type Shortcut = 'help' | 'newChat' | 'search' | 'focus' | 'copy';

interface Keys {
  readonly key: string;
  /** Ctrl, or ⌘ on a Mac. */
  readonly isCommand?: boolean;
  readonly isShift?: boolean;
}

/**
 * Chosen so that no browser needs them for itself, or lets the page have them. None is a character alone: speech input
 * would press it by accident (WCAG 2.1.4).
 */
const SHORTCUTS: Readonly<Record<Shortcut, Keys>> = {
  help: { key: '/', isCommand: true },
  newChat: { key: 'o', isCommand: true, isShift: true },
  search: { key: 'k', isCommand: true },
  focus: { key: 'Escape', isShift: true },
  copy: { key: 'c', isCommand: true, isShift: true },
};

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** The shortcut that was pressed. */
export function shortcutOf(pressed: Pressed): Shortcut | undefined {
  const isCommand = pressed.ctrlKey || pressed.metaKey;
  if (pressed.altKey) return undefined;
  const names = Object.keys(SHORTCUTS) as Shortcut[];
  return names.find((name) => {
    const { key, isCommand: needsCommand = false, isShift } = SHORTCUTS[name];
    if (pressed.key.toLowerCase() !== key.toLowerCase() || isCommand !== needsCommand) return false;
    // Which keys make a slash is a matter of the keyboard.
    return key === '/' || pressed.shiftKey === (isShift ?? false);
  });
}

/** All keys, for the dialog. Each line: what it does, and the keys that are pressed together. */
export function keyboardMap(isMac: boolean): readonly { readonly what: string; readonly keys: readonly string[] }[] {
  const { core } = texts;
  const command = isMac ? '⌘' : 'Ctrl';
  const shift = isMac ? '⇧' : 'Shift';
  return [
    { what: core.newChat, keys: [command, shift, 'O'] },
    { what: core.search, keys: [command, 'K'] },
    { what: core.keyFocus, keys: [shift, 'Esc'] },
    { what: core.keySend, keys: ['Enter'] },
    { what: core.keyNewLine, keys: [shift, 'Enter'] },
    { what: core.keyStop, keys: ['Esc'] },
    { what: core.keyCopy, keys: [command, shift, 'C'] },
    { what: core.keyHelp, keys: [command, '/'] },
  ];
}
