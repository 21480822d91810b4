import { describe, expect, it } from 'vitest';
import { keyboardMap, shortcutOf } from './shortcuts.js';

const press = (key: string, more: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

describe('a key', () => {
  it.each([
    [press('/', { ctrlKey: true }), 'help'],
    [press('/', { metaKey: true }), 'help'],
    // A German keyboard.
    [press('/', { ctrlKey: true, shiftKey: true }), 'help'],
    [press('/'), undefined],
    [press('?', { shiftKey: true }), undefined],
    [press('O', { ctrlKey: true, shiftKey: true }), 'newChat'],
    [press('o', { metaKey: true, shiftKey: true }), 'newChat'],
    [press('o', { ctrlKey: true }), undefined],
    [press('k', { ctrlKey: true }), 'search'],
    [press('k', { ctrlKey: true, altKey: true }), undefined],
    [press('Escape', { shiftKey: true }), 'focus'],
    [press('Escape'), undefined],
    [press('C', { ctrlKey: true, shiftKey: true }), 'copy'],
    [press('c', { ctrlKey: true }), undefined],
    [press('c'), undefined],
  ])('%j is %s', (pressed, shortcut) => {
    expect(shortcutOf(pressed)).toBe(shortcut);
  });
});

it('the keys are named as the keyboard has them', () => {
  expect(keyboardMap(true)[0]?.keys).toEqual(['⌘', '⇧', 'O']);
  expect(keyboardMap(false)[0]?.keys).toEqual(['Ctrl', 'Shift', 'O']);
});
