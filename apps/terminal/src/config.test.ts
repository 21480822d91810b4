import { expect, it } from 'vitest';
import { shellLanguage } from './config.js';

it.each([
  [{ LANG: 'de_DE.UTF-8' }, 'de-DE'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'pt_BR' }, 'pt-BR'],
  [{ LANG: 'fr', LC_MESSAGES: 'ca_ES@valencia' }, 'ca-ES'],
  [{ LANG: 'C.UTF-8' }, undefined],
  [{ LANG: 'POSIX' }, undefined],
  [{}, undefined],
])('%o is the language %s', (env, expected) => expect(shellLanguage(env)).toBe(expected));
