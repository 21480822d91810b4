import { describe, expect, it } from 'vitest';
import type { AssistantMessage, Message, ToolMessage, UserMessage } from '../spec/prompt.js';
import { ProviderError } from '../spec/provider-error.js';
import { fitConversation } from './fit-conversation.js';
import { STRICTEST } from './profiles.js';
import type { ConversationRules } from '../spec/conversation-rules.js';

const text = (words: string) => ({ type: 'text', text: words }) as const;
const user = (...words: string[]): UserMessage => ({ role: 'user', content: words.map(text) });
const system = (content: string) => ({ role: 'system', content }) as const;
const answer = (...content: AssistantMessage['content']): AssistantMessage => ({ role: 'assistant', content });
const says = (words: string): AssistantMessage => answer(text(words));
const call = (callId: string, args = '{}', name = 'f') =>
  ({ type: 'tool-call', callId, name, arguments: args }) as const;
const result = (callId: string, output = 'out', name = 'f') => ({ type: 'tool-result', callId, name, output }) as const;
const results = (...content: ToolMessage['content']): ToolMessage => ({ role: 'tool', content });
const thought = (data: Record<string, unknown>, of: object = {}) =>
  ({ type: 'reasoning', provider: 'p', data, ...of }) as const;

const LENIENT: Partial<ConversationRules> = {
  system: 'anywhere',
  firstFromUser: false,
  alternate: false,
  prefill: true,
  userAfterTool: true,
};

const fit = (prompt: readonly Message[], rules: Partial<ConversationRules> = {}, tools: string[] = []) =>
  fitConversation(prompt, {
    provider: 'p',
    model: 'm',
    account: 'a',
    rules: { ...STRICTEST, ...rules },
    tools: new Set(tools),
  });

const textsOf = (message: Message | undefined): string =>
  message?.role === 'system'
    ? message.content
    : (message?.content ?? []).map((part) => ('text' in part ? part.text : '')).join('|');

const round = (id: string): Message[] => [answer(call(id)), results(result(id)), says('ok')];
const idsOf = (fitted: Message[]) =>
  fitted.flatMap(({ role, content }) =>
    role === 'assistant' || role === 'tool' ? content.flatMap((part) => ('callId' in part ? [part.callId] : [])) : [],
  );

const dataOf = (content: AssistantMessage['content'], rules: Partial<ConversationRules>) =>
  (fit([user('a'), answer(...content), results(result('1'))], rules)[1] as AssistantMessage).content.flatMap((part) =>
    part.type === 'reasoning' ? [part.data] : [],
  );

const namesOf = (fitted: Message[]) =>
  fitted.slice(1).map(({ content }) => (content as unknown as { name: string }[]).map(({ name }) => name));

it('leaves a conversation that fits as it is', () => {
  const prompt = [
    system('be brief'),
    user('a'),
    answer(text('let me see'), call('c1', '{"x": 1}'), call('c2')),
    results(result('c1'), result('c2')),
    says('b'),
    user('c'),
  ];
  expect(fit(prompt)).toEqual(prompt);
  expect(fit(prompt, LENIENT)).toEqual(prompt);
});

describe('roles', () => {
  it('alternate: what one side said in several messages is one', () => {
    const prompt = [user('a'), user('b'), says('c'), says('d'), user('e')];
    expect(fit(prompt)).toEqual([user('a', 'b'), says('c\n\nd'), user('e')]);
    expect(fit(prompt, LENIENT)).toEqual(prompt);
  });

  it('begin with the user: what the assistant said before is told', () => {
    const [first, ...others] = fit([system('x'), says('Welcome'), answer(call('c')), results(result('c')), user('a')]);
    expect([first?.role, ...others.map(({ role }) => role)]).toEqual(['system', 'user']);
    const told = textsOf(others[0]);
    for (const words of ['Welcome', 'the tool f', 'out', '|a']) expect(told).toContain(words);
    expect(fit([says('Welcome'), user('a')], LENIENT)).toEqual([says('Welcome'), user('a')]);
  });

  it('end with the user or a tool: what the assistant has just said is told', () => {
    const fitted = fit([user('a'), says('One moment.'), says('Still here.')]);
    expect(fitted).toHaveLength(1);
    expect(textsOf(fitted[0])).toMatch(/^a\|[^]*One moment\.\n\nStill here\./);
  });

  it('end with the assistant where the model carries on from it, without white space', () => {
    expect(fit([user('a'), says('b \n')], LENIENT)).toEqual([user('a'), says('b')]);
  });

  it('end with what the model was interrupted in', () => {
    const interrupted = answer(thought({ type: 'server_tool_use' }), text('so far'));
    expect(fit([user('a'), interrupted], { thoughts: 'all' })).toEqual([user('a'), interrupted]);
  });

  it('do not have the user right behind a tool: all rounds before are told', () => {
    const prompt = [
      user('a'),
      answer(text('I look.'), call('1')),
      results(result('1', 'one')),
      answer(call('2')),
      results(result('2', 'two')),
      user('b'),
    ];
    const fitted = fit(prompt);
    expect(fitted.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(textsOf(fitted[2])).toMatch(/one[^]*two[^]*\|b$/);
    expect(fit(prompt, { userAfterTool: true })).toEqual(prompt);
  });

  it('keep a round that the model is in the middle of', () => {
    const prompt = [user('a'), answer(call('1')), results(result('1'))];
    expect(fit(prompt)).toEqual(prompt);
  });

  it('are told all rounds of a model that knows no tools', () => {
    const fitted = fit([user('a'), answer(call('1')), results(result('1')), says('b'), user('c')], {
      toolRounds: 'text',
    });
    expect(fitted.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });
});

describe('instructions', () => {
  const prompt = [system('one'), user('a'), system(' '), says('b'), system('two'), user('c')];

  it.each([
    ['anywhere', [system('one'), user('a'), says('b'), system('two'), user('c')]],
    ['first', [system('one\n\ntwo'), user('a'), says('b'), user('c')]],
    ['user', [user('one\n\ntwo', 'a'), says('b'), user('c')]],
  ] as const)('stand %s', (place, expected) => {
    expect(fit(prompt, { system: place })).toEqual(expected);
  });

  it('are the first message where there is nothing else, and there must be one', () => {
    expect(fit([system('write a title')])).toEqual([user('write a title')]);
    expect(fit([system('write a title')], LENIENT)).toEqual([system('write a title')]);
    expect(fit([system('x'), says('hi'), user('a')], { system: 'user' }).map(({ role }) => role)).toEqual(['user']);
  });
});

describe('what is empty', () => {
  it('goes, but not the message that is being answered', () => {
    const picture = { type: 'image', mediaType: 'image/png', data: { type: 'url', url: 'https://x' } } as const;
    const prompt: Message[] = [user('', ' \n'), says(' '), answer(), user('a')];
    expect(fit(prompt, LENIENT)).toEqual([user('a')]);
    expect(fit([{ role: 'user', content: [text(''), picture] }])).toEqual([{ role: 'user', content: [picture] }]);
    expect(fit([user('a'), says('b'), user('')])).toEqual([user('a'), says('b'), user('(no message)')]);
  });

  it('is marked as the output of a tool', () => {
    expect(fit([user('a'), answer(call('1')), results(result('1', ''))]).at(-1)).toEqual(
      results(result('1', '(no output)')),
    );
  });

  it.each([[[]], [[system('')]], [[says('')]]])('cannot be a whole conversation: %j', (prompt) => {
    for (const rules of [{}, LENIENT]) {
      expect(() => fit(prompt, rules)).toThrow(ProviderError);
      expect(() => fit(prompt, rules)).toThrow(/conversation is empty.*give the assistant instructions/);
    }
  });
});

describe('results', () => {
  it('stand at their calls, complete and in the order of the calls', () => {
    const prompt = [
      user('a'),
      answer(call('1'), call('2')),
      user('quick!'),
      results(result('2')),
      says('b'),
      user('c'),
    ];
    expect(fit(prompt, { userAfterTool: true })).toEqual([
      user('a'),
      answer(call('1'), call('2')),
      results(result('1', '(no result: the call was stopped, or its result was lost)'), result('2')),
      user('quick!'),
      says('b'),
      user('c'),
    ]);
  });

  it('belong to the newest messages that wait for them, the first one first', () => {
    const late = [user('a'), answer(call('')), user('b'), answer(call('')), answer(call('')), results(result('', 'x'))];
    const outputs = fit([...late, results(result('', 'y'))], LENIENT).flatMap((message) =>
      message.role === 'tool' ? message.content.map(({ output }) => output.slice(0, 10)) : [],
    );
    expect(outputs).toEqual(['(no result', 'x', 'y']);
  });

  it('without a call are told, or go when they say nothing', () => {
    const told = fit([user('a'), results(result('1', '42')), results(result('2', ' ')), says('b'), user('c')]);
    expect(told.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(textsOf(told[0])).toMatch(/^a\|The tool f[^]*42/);
  });
});

describe('calls', () => {
  it.each([
    ['', '{}'],
    [' \n', '{}'],
    ['null', '{}'],
    ['{"a": [1]}', '{"a": [1]}'],
    ['{"city": "Ber', String.raw`{"INVALID_JSON":"{\"city\": \"Ber"}`],
    ['[1]', '{"INVALID_JSON":"[1]"}'],
    ['"x"', String.raw`{"INVALID_JSON":"\"x\""}`],
  ])('have arguments that are an object: %j', (given, sent) => {
    const fitted = fit([user('a'), answer(call('1', given)), results(result('1'))], LENIENT);
    expect(fitted[1]?.content).toEqual([call('1', sent)]);
  });

  it('have a name that every server takes, unless it is offered', () => {
    const prompt = [
      user('a'),
      answer(call('1', '{}', 'a.b c'), call('2', '{}', '')),
      results(result('1'), result('2')),
    ];
    expect(namesOf(fit(prompt))).toEqual([
      ['a_b_c', 'tool'],
      ['a_b_c', 'tool'],
    ]);
    expect(namesOf(fit(prompt, {}, ['a.b c']))[0]).toEqual(['a.b c', 'tool']);
  });
});

describe('ids of calls', () => {
  const nine = { alphabet: 'alphanumeric', minLength: 9, maxLength: 9 } as const;
  it('fit, are the same in every request, and the results have them, too', () => {
    const ids = idsOf(
      fit([user('a'), ...round('call_of_another'), ...round('abcDEF123'), user('b')], { callIds: nine }),
    );
    expect(ids).toEqual([ids[0], ids[0], 'abcDEF123', 'abcDEF123']);
    expect(ids[0]).toMatch(/^[a-z0-9]{9}$/);
    expect(idsOf(fit([user('x'), ...round('call_of_another'), user('b')], { callIds: nine }))[0]).toBe(ids[0]);
  });

  it.each([
    ['functions.f:0', /^[\w-]{1,40}$/],
    ['x'.repeat(41), /^[\w-]{1,40}$/],
    ['', /^[\w-]{1,40}$/],
  ])('are replaced where they do not fit: %s', (id, expected) => {
    expect(idsOf(fit([user('a'), ...round(id), user('b')]))[0]).toMatch(expected);
  });

  it('are not used twice', () => {
    const ids = idsOf(fit([user('a'), ...round('c'), ...round('c'), ...round('c'), user('b')]));
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe('c');
  });

  it('are those of the signatures that go back with them', () => {
    const signed = answer(thought({ call_extras: { 'call:1': 'signed' } }), call('call:1'));
    const [, fitted] = fit([user('a'), signed, results(result('call:1'))]);
    const parts = fitted?.content as unknown as [{ data: { call_extras: object } }, { callId: string }];
    expect(parts[0].data.call_extras).toEqual({ [parts[1].callId]: 'signed' });
  });
});

describe('thoughts', () => {
  it.each([
    [{}, true],
    [{ model: 'm', account: 'a' }, true],
    [{ provider: 'other' }, false],
    [{ model: 'other' }, false],
    [{ account: 'other' }, false],
  ])('go back to the model and the account that had them: %j', (of, goes) => {
    expect(dataOf([thought({ x: 1 }, of), call('1')], { thoughts: 'all' })).toEqual(goes ? [{ x: 1 }] : []);
  });

  it('go back in the fields that the model wants', () => {
    const content = [thought({ reasoning_content: 'hm', reasoning_details: [1] }), call('1')];
    expect(dataOf(content, {})).toEqual([]);
    expect(dataOf(content, { thoughts: ['reasoning_content'] })).toEqual([{ reasoning_content: 'hm' }]);
  });

  it('are replaced where a call needs one and it is not known', () => {
    const rules = { thoughts: ['reasoning_content'], unknownThought: { reasoning_content: ' ' } };
    expect(dataOf([call('1')], rules)).toEqual([{ reasoning_content: ' ' }]);
    expect(dataOf([thought({ reasoning_content: 'hm' }), call('1')], rules)).toEqual([{ reasoning_content: 'hm' }]);
  });

  it('are replaced by a signature where a call needs one, unless the model has signed', () => {
    const rules = { unknownSignature: { google: 'skip' } };
    expect(dataOf([call('1')], rules)).toEqual([{ call_extras: { '1': { google: 'skip' } } }]);
    const signed = thought({ call_extras: { '1': 'signed' } });
    expect(dataOf([signed, call('1')], rules)).toEqual([{ call_extras: { '1': 'signed' } }]);
  });

  it('that led to nothing go', () => {
    expect(fit([user('a'), answer(thought({ x: 1 })), user('b')], { thoughts: 'all' })).toEqual([user('a', 'b')]);
  });
});
