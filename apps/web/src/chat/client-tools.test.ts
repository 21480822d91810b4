import { describe, expect, it } from 'vitest';
import { pageTools } from '../../../../libs/chatkit/src/assistant/page-tools.js';
import { declined, effectCall, errorOf, failedBy, isSensitive, notAvailable, readPageCall } from './client-tools.js';

const GOOD = {
  get_page_context: {},
  set_theme: { theme: 'dark' },
  copy_to_clipboard: { text: 'x' },
  open_link: { url: 'https://example.com/a?b=c' },
} as const;

describe('a call of a tool of the page', () => {
  it.each(Object.keys(pageTools))('%s is one that the library offers', (name) => {
    const given = GOOD[name as keyof typeof GOOD];
    expect(readPageCall(name, given)).toEqual({ name, ...given });
  });

  it.each([
    ['set_theme', { theme: 'sepia' }],
    ['copy_to_clipboard', { text: 1 }],
    ['copy_to_clipboard', { text: '' }],
    ['open_link', { url: 'javascript:alert(1)' }],
    ['open_link', { url: '/admin' }],
    ['open_link', { url: 'file:///etc/passwd' }],
    ['read_basket', {}],
    ['constructor', {}],
  ])('is not %s with %j', (name, given) => {
    expect(readPageCall(name, given)).toBeUndefined();
  });

  it('is sensitive where it leaves the page', () => {
    const sensitive = Object.entries(GOOD)
      .flatMap(([name, given]) => readPageCall(name, given) ?? [])
      .filter(isSensitive);
    expect(sensitive.map(({ name }) => name)).toEqual(['copy_to_clipboard', 'open_link']);
  });

  it('tells the model what has gone wrong', () => {
    expect([declined, notAvailable('x'), failedBy(new Error('no'))].map(errorOf)).toEqual([
      'declined',
      'not_available',
      'failed',
    ]);
    expect([null, 'text', { error: 'other' }, { theme: 'dark' }].map(errorOf)).toEqual(Array.from({ length: 4 }));
  });
});

it('an effect does only what needs no permission', () => {
  expect(effectCall({ name: 'set_theme', data: { theme: 'dark' } })).toEqual({ name: 'set_theme', theme: 'dark' });
  expect(effectCall({ name: 'open_link', data: { url: 'https://example.com' } })).toBeUndefined();
  expect(effectCall({ name: 'basket_changed', data: {} })).toBeUndefined();
});
