import { expect, it } from 'vitest';
import { nameProblem } from './identity-text.js';

it.each([
  'ada',
  'ada@example.com',
  'Ada Lovelace',
  'auth0|5f7c',
  'CN=Ada,O=Acme',
  'jürgen',
  '李',
  '👩‍💻',
  'x'.repeat(256),
])('takes %s', (name) => expect(nameProblem(name)).toBeUndefined());

it.each([
  [undefined, 'text'],
  [7, 'text'],
  [['ada'], 'text'],
  ['', 'empty'],
  ['x'.repeat(257), '256'],
  [' ada', 'white space'],
  ['ada\u00a0', 'white space'],
  ['\ufeffada', 'white space'],
  ['ada\u3000', 'white space'],
  ['a\0da', 'control'],
  ['a\nda', 'control'],
  ['a\u0085da', 'control'],
  ['a\u2028da', 'control'],
  ['a\ud800', 'Unicode'],
])('refuses %j', (name, words) => expect(nameProblem(name)).toContain(words));
