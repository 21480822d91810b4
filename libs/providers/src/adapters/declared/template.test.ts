import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../spec/language-model.js';
import type { Message } from '../../spec/prompt.js';
import { renderTemplate, scopeOf, type ScopeOptions } from './template.js';
import { inspectTemplate } from './template-check.js';

const text = (words: string) => ({ type: 'text', text: words }) as const;
const user = (words: string): Message => ({ role: 'user', content: [text(words)] });
const assistant = (words: string): Message => ({ role: 'assistant', content: [text(words)] });

const CONVERSATION: Message[] = [
  { role: 'system', content: 'Be brief.' },
  user('Hello'),
  assistant('Hi!'),
  user('And now?'),
];
const NOW = new Date('2026-03-04T05:06:07.890Z');

function render(template: unknown, call: Partial<ModelCall> = {}, options: Partial<ScopeOptions> = {}): unknown {
  expect(inspectTemplate(template, options.vars).issues).toEqual([]);
  const ref = { provider: 'p', model: 'm/1' };
  return renderTemplate(template, scopeOf({ prompt: CONVERSATION, ...call }, ref, { now: NOW, ...options }));
}

describe('what is inserted', () => {
  it.each<[string, unknown, unknown]>([
    ['keeps its type when it stands alone', '{{settings.maxTokens}}', 5],
    ['is text among words', 'up to {{ settings.maxTokens }} tokens of {{model}}', 'up to 5 tokens of m/1'],
    ['may be false or 0', ['{{vars.no}}', '{{settings.temperature}}'], [false, 0]],
    [
      'is left out where there is nothing',
      { a: '{{settings.topP}}', b: ['{{settings.topP}}', 1], c: {} },
      { b: [1], c: {} },
    ],
    ['is nothing among words', '<{{settings.topP}}>', '<>'],
    ['has a fallback', { a: '{{settings.topP ?? 0.9}}', b: '{{caller.userId ?? "nobody"}}' }, { a: 0.9, b: 'nobody' }],
    ['is a whole object', '{{settings}}', { maxTokens: 5, temperature: 0 }],
    ['is a list', '{{vars.tags}}', ['a', 'b']],
    ['is the time as text', '{{now}}', '2026-03-04T05:06:07.890Z'],
    ['is the time in seconds', '{{now.epoch}}', 1772600767],
    ['is the time in milliseconds', ['{{now.epochMs}}', '{{now.iso}}'], [1772600767890, '2026-03-04T05:06:07.890Z']],
    ['is the last question', '{{lastUserMessage}}', 'And now?'],
    ['is the standing instructions', '{{system}}', 'Be brief.'],
    ['is JSON in a text', { $json: { model: '{{model}}' } }, '{"model":"m/1"}'],
    ['is not looked for in a literal', { $literal: '{{model}}' }, '{{model}}'],
    ['is everything else as it stands', { a: [1, null, true, 'x'] }, { a: [1, null, true, 'x'] }],
  ])('%s', (_, template, expected) => {
    const options = { vars: { no: false, tags: ['a', 'b'] } };
    expect(render(template, { settings: { maxTokens: 5, temperature: 0 } }, options)).toEqual(expected);
  });

  it('is never looked at for variables again', () => {
    expect(render('{{lastUserMessage}}!', { prompt: [user('{{model}}')] })).toBe('{{model}}!');
  });

  it('is who asks, and for which run', () => {
    const caller = { tenantId: 't', userId: 'ada', runId: 'r', threadId: 'h' };
    const template = ['{{caller.tenantId}}', '{{caller.userId}}', '{{caller.runId}}', '{{caller.threadId}}'];
    expect(render(template, { caller })).toEqual(['t', 'ada', 'r', 'h']);
    expect(render(template)).toEqual([]);
  });
});

describe('loops', () => {
  const item = { role: '{{item.role}}', text: '{{item.text}}' };

  it('go over messages, with the roles of the API', () => {
    const roles = { assistant: 'CHATBOT', user: 'USER' };
    expect(render({ $each: 'messages', $roles: ['user', 'assistant'], $item: item }, {}, { roles })).toEqual([
      { role: 'USER', text: 'Hello' },
      { role: 'CHATBOT', text: 'Hi!' },
      { role: 'USER', text: 'And now?' },
    ]);
  });

  it('go over what was said before the last question', () => {
    expect(render({ $each: 'history', $item: '{{item.text}}' })).toEqual(['Hello', 'Hi!']);
    expect(render({ $each: 'turns', $item: ['{{item.user}}', '{{item.assistant}}'] })).toEqual([['Hello', 'Hi!']]);
  });

  it('give their elements to the list around them', () => {
    const template = [{ $if: 'system', $then: 'first' }, { $each: 'history', $item: '{{item.text}}' }, 'last'];
    expect(render(template)).toEqual(['first', 'Hello', 'Hi!', 'last']);
    expect(render(template, { prompt: [user('x')] })).toEqual(['last']);
  });

  it('pick by a condition', () => {
    expect(render({ $each: 'messages', $if: { 'item.kind': ['user', 'system'] }, $item: '{{item.text}}' })).toEqual([
      'Be brief.',
      'Hello',
      'And now?',
    ]);
  });

  it('stand in loops, under names of their own', () => {
    const image = { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AA==' } } as const;
    const prompt: Message[] = [{ role: 'user', content: [text('Look'), image] }];
    const template = {
      $each: 'messages',
      $item: { $each: 'item.images', $as: 'image', $item: '{{item.text}} {{image.url}}' },
    };
    expect(render(template, { prompt })).toEqual(['Look data:image/png;base64,AA==']);
  });

  it('go over tools and their calls', () => {
    const parameters = { type: 'object', properties: {} };
    const prompt: Message[] = [
      { role: 'assistant', content: [{ type: 'tool-call', callId: 'c1', name: 'f', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', name: 'f', output: 'done' }] },
    ];
    const template = {
      tools: { $each: 'tools', $item: { name: '{{item.name}}', schema: '{{item.parameters}}' } },
      said: {
        $each: 'messages',
        $item: {
          text: '{{item.text}}',
          calls: { $if: 'item.toolCalls', $then: { $each: 'item.toolCalls', $as: 'call', $item: '{{call.name}}' } },
          answers: '{{item.callId}}',
        },
      },
    };
    expect(render(template, { prompt, tools: [{ name: 'f', parameters }] })).toEqual({
      tools: [{ name: 'f', schema: parameters }],
      said: [
        { text: '', calls: ['f'] },
        { text: 'done', answers: 'c1' },
      ],
    });
  });
});

describe('conditions', () => {
  it.each<[string, unknown, unknown]>([
    ['a variable that is there', { $if: 'system', $then: 1, $else: 2 }, 1],
    ['a variable that is not', { $if: 'settings.topP', $then: 1, $else: 2 }, 2],
    ['a variable that is 0', { $if: 'settings.temperature', $then: 1, $else: 2 }, 1],
    ['an empty list', { $if: 'tools', $then: 1, $else: 2 }, 2],
    ['a value', { $if: { model: 'm/1' }, $then: 1, $else: 2 }, 1],
    ['several values, all of which must be', { $if: { model: 'm/1', system: 'x' }, $then: 1, $else: 2 }, 2],
    ['nothing to insert otherwise', { a: { $if: 'settings.topP', $then: 1 } }, {}],
  ])('know %s', (_, template, expected) => {
    expect(render(template, { settings: { temperature: 0 } })).toEqual(expected);
  });
});

describe('the conversation as one text', () => {
  it('has the roles before the texts, and ends where the model goes on', () => {
    expect(render('{{prompt}}')).toBe('Be brief.\n\nUser: Hello\n\nAssistant: Hi!\n\nUser: And now?\n\nAssistant:');
  });

  it('is written as the config says', () => {
    const flattening = { labels: { system: '# ', user: 'Q: ', assistant: 'A: ' }, separator: '\n', ending: '' };
    expect(render('{{prompt}}', {}, { flattening })).toBe('# Be brief.\nQ: Hello\nA: Hi!\nQ: And now?');
  });
});

it('pairs what several messages of one side said', () => {
  const prompt = [assistant('Welcome'), user('a'), user('b'), assistant('c'), user('d')];
  expect(render({ $each: 'turns', $item: '{{item.user}}|{{item.assistant}}' }, { prompt })).toEqual([
    '|Welcome',
    'a\n\nb|c',
  ]);
});

it.each<[string, unknown, string, string]>([
  ['an unknown variable', { a: ['{{user}}'] }, 'a.0', 'there is no variable "user"; there are messages,'],
  ['an unknown field', '{{settings.topp}}', '', 'there is no variable "settings.topp"; there are maxTokens,'],
  ['an unknown var', '{{vars.team}}', '', 'there is no variable "vars.team"'],
  ['braces that are not closed', 'x {{model', '', 'is not closed'],
  ['braces around something else', '{{ a b }}', '', '"a b" is no variable'],
  ['a fallback that is no JSON', '{{model ?? none}}', '', 'is no JSON'],
  ['a loop over no list', { b: { $each: 'model', $item: 1 } }, 'b.$each', '"model" is no list'],
  ['a loop over nothing known', { $each: 'mesages', $item: 1 }, '$each', 'there is no variable "mesages"'],
  ['a loop without an item', { $each: 'messages' }, '$each', 'needs $item'],
  ['a mistake in an item', { $each: 'messages', $item: { c: '{{item.content}}' } }, '$item.c', '"messages[].content"'],
  ['a name that is taken', { $each: 'messages', $as: 'model', $item: 1 }, '$as', 'must be a new name'],
  ['a role that is none', { $each: 'messages', $roles: ['bot'], $item: 1 }, '$roles', 'must be a list of system'],
  ['roles of what has none', { $each: 'tools', $roles: ['user'], $item: 1 }, '$roles', 'must be a list of system'],
  ['an unknown construct', { $loop: 'messages' }, '$loop', 'must be one of $each, $if'],
  ['a key in the wrong place', { $if: 'model', $item: 1 }, '$item', 'does not belong to $if'],
  ['a condition that is none', { $if: 5, $then: 1 }, '$if', 'must be the name of a variable'],
  ['a condition on nothing known', { $if: { modl: 1 } }, '$if', 'there is no variable "modl"'],
  ['messages as a text', '{{messages}}', '', 'is a list: loop over it with $each'],
])('finds %s', (_, template, path, message) => {
  const { issues } = inspectTemplate(template);
  expect(issues.map((issue) => ({ ...issue, path: issue.path.join('.') }))).toEqual([
    { path, message: expect.stringContaining(message) },
  ]);
});

it('knows what a template uses', () => {
  const template = {
    a: { $each: 'messages', $roles: ['user'], $item: { $each: 'item.images', $as: 'one', $item: '{{one.url}}' } },
    b: '{{settings.topP ?? 1}}',
  };
  expect([...inspectTemplate(template).uses]).toEqual([
    'messages',
    'messages[user]',
    'messages[].images',
    'messages[].images[].url',
    'settings.topP',
  ]);
});
