import { expect, it } from 'vitest';
import { createProviders } from '../../../config.js';
import { providersOf } from '../../../config-file-providers.js';
import { toldIssues } from '../../../testing/told-issues.js';

const MINIMAL = {
  kind: 'http',
  id: 'house',
  baseUrl: 'http://127.0.0.1:1',
  request: { body: { q: '{{lastUserMessage}}' } },
  response: { text: 'text' },
};

it.each<[string, object, string]>([
  [
    'a variable',
    { request: { body: { a: ['{{prompt}}', '{{user}}'] } } },
    'request.body.a.1: there is no variable "user"',
  ],
  ['a loop', { request: { body: { m: { $each: 'mails', $item: 1 } } } }, 'request.body.m.$each: there is no variable'],
  ['a path template', { request: { path: '/{{modell}}', body: '{{prompt}}' } }, 'request.path: there is no variable'],
  ['a header', { request: { headers: { a: '{{x' }, body: '{{prompt}}' } }, 'request.headers.a: "{{x" is not closed'],
  ['a request without the question', { request: { body: { m: '{{model}}' } } }, 'request: nothing in it says'],
  ['a response path', { response: { text: ['a', 'b..c'] } }, 'response.text.1: "b..c" is no path'],
  ['no response path', { response: {} }, 'response.text: is needed'],
  ['a delimiter that is missing', { response: { text: 'a', stream: 'delimiter' } }, 'response.delimiter: is needed'],
  ['a delimiter without use', { response: { text: 'a', delimiter: '|' } }, 'response.delimiter: needs stream'],
  ['a code that is none', { response: { text: 'a', errors: { A: 'nope' } } }, 'response.errors.A: Invalid option'],
  ['a field that is none', { reponse: {} }, 'Unrecognized key: "reponse"'],
])('the config refuses %s, and names where it stands', (_, wrong, problem) => {
  const problems = toldIssues(providersOf([{ ...MINIMAL, ...wrong }], {}).issues);
  expect(problems).toEqual([expect.stringContaining(`providers[0]`)]);
  expect(problems[0]).toContain(problem);
});

it.each([
  { stream: 'text' },
  { text: ['a', 'b'], done: { path: 'end' }, usage: { input: 'in' } },
  { stream: 'delimiter', delimiter: '|', text: 'a' },
])('providers are made of what was read from the file: %j', (response) => {
  const { configs, issues } = providersOf([{ ...MINIMAL, response }], {});
  expect(issues).toEqual([]);
  expect(createProviders(configs)).toHaveLength(1);
});
