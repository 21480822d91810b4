import { describe, expect, it } from 'vitest';
import type { AssistantMessage, FilePart, ImagePart, Message, ToolMessage, UserMessage } from '../../../spec/prompt.js';
import type { Warning } from '../../../spec/stream-part.js';
import { toMessages } from './to-messages.js';

function convert(prompt: readonly Message[], cite = false) {
  const warnings: Warning[] = [];
  return { ...toMessages(prompt, 'anthropic', { cite, warnings }), warnings };
}

const user = (...texts: string[]): UserMessage => ({
  role: 'user',
  content: texts.map((text) => ({ type: 'text', text })),
});
const assistant = (...content: AssistantMessage['content']): AssistantMessage => ({ role: 'assistant', content });
const said = (text: string) => ({ type: 'text', text }) as const;
const call = (callId: string, args = '{}') => ({ type: 'tool-call', callId, name: 'f', arguments: args }) as const;
const results = (...ids: string[]): ToolMessage => ({
  role: 'tool',
  content: ids.map((callId, index) => ({ type: 'tool-result', callId, name: 'f', output: `out ${index}` })),
});
const use = (id: string, input: object = {}) => ({ type: 'tool_use', id, name: 'f', input });
const result = (id: string, content: string) => ({ type: 'tool_result', tool_use_id: id, content });
const system = (content: string) => ({ role: 'system', content }) as const;
const thought = (provider: string, one: Record<string, unknown>) =>
  ({ type: 'reasoning', provider, data: one }) as const;
const base64 = (data: string) => ({ type: 'base64', data }) as const;
const contentOf = (part: ImagePart | FilePart, cite = false) => {
  const { messages, warnings } = convert([{ role: 'user', content: [said('see'), part] }], cite);
  return { blocks: messages[0]?.content.slice(1), warnings };
};
const nothing = { role: 'user', content: [said('(no message)')] };

describe('instructions', () => {
  it('are joined, wherever they stand', () => {
    const prompt = [system('be brief'), system(' '), user('hi'), system('be kind')];
    expect(convert(prompt)).toMatchObject({
      system: 'be brief\n\nbe kind',
      messages: [{ role: 'user', content: [said('hi')] }],
    });
    expect(convert([user('hi')]).system).toBeUndefined();
  });
});

describe('turns', () => {
  it('alternate', () => {
    const { messages } = convert([user('a', 'b'), user('c'), assistant(said('d')), assistant(said('e')), user('f')]);
    expect(messages).toEqual([
      { role: 'user', content: [said('a'), said('b'), said('c')] },
      { role: 'assistant', content: [said('d'), said('e')] },
      { role: 'user', content: [said('f')] },
    ]);
  });

  it.each([
    ['an answer', [assistant(said('hello')), user('hi')]],
    ['nothing', [assistant(said('hello'))]],
  ])('begin with the person, though the prompt begins with %s', (_, prompt) => {
    expect(convert(prompt).messages[0]).toEqual(nothing);
  });

  it('are never none', () => {
    expect(convert([]).messages).toEqual([nothing]);
    expect(convert([user('', ' \n')]).messages).toEqual([nothing]);
  });

  it('hold no empty text, and none that is empty by that', () => {
    const prompt = [user('a'), assistant(said(''), said(' ')), user('', 'b')];
    expect(convert(prompt).messages).toEqual([{ role: 'user', content: [said('a'), said('b')] }]);
  });

  it('end without white space where the model is to carry on', () => {
    expect(convert([user('a '), assistant(said('b \n'))]).messages).toEqual([
      { role: 'user', content: [said('a ')] },
      { role: 'assistant', content: [said('b')] },
    ]);
  });
});

describe('tools', () => {
  it('go both ways, with the results first', () => {
    const prompt = [user('hi'), assistant(said('let me see'), call('a', '{"x":1}'), call('b')), results('b', 'a')];
    expect(convert([...prompt, user('and?')]).messages.slice(1)).toEqual([
      { role: 'assistant', content: [said('let me see'), use('a', { x: 1 }), use('b')] },
      { role: 'user', content: [result('b', 'out 0'), result('a', 'out 1'), said('and?')] },
    ]);
  });

  it('have their results first, even where the person spoke before them', () => {
    const { messages } = convert([assistant(call('a')), user('quick!'), results('a')]);
    expect(messages.at(-1)?.content).toEqual([result('a', 'out 0'), said('quick!')]);
  });

  it.each([
    ['', {}],
    [' ', {}],
    ['{"a":[1]}', { a: [1] }],
    ['{"a', { INVALID_JSON: '{"a' }],
    ['[1]', { INVALID_JSON: '[1]' }],
  ])('take the arguments %j as an object', (args, input) => {
    expect(convert([user('hi'), assistant(call('a', args))]).messages[1]?.content).toEqual([use('a', input)]);
  });

  it('have an id where another provider gave none, or one that is refused here', () => {
    const prompt = [assistant(call(''), call(''), call('functions.f:0')), results('', '', 'functions.f:0')];
    expect(convert(prompt).messages.slice(1)).toEqual([
      { role: 'assistant', content: [use('call'), use('call_2'), use('functions_f_0')] },
      {
        role: 'user',
        content: [result('call', 'out 0'), result('call_2', 'out 1'), result('functions_f_0', 'out 2')],
      },
    ]);
  });

  it('have another id where one comes again in a later answer', () => {
    const turn = [assistant(call('c0')), results('c0')];
    const unanswered = assistant(call('c0'), call('c1'));
    const { messages } = convert([...turn, user('more'), unanswered, results('c1'), ...turn]);
    expect(messages.slice(1).flatMap(({ content }) => content)).toEqual([
      use('c0'),
      result('c0', 'out 0'),
      said('more'),
      use('c0_2'),
      use('c1'),
      result('c1', 'out 0'),
      use('c0_3'),
      result('c0_3', 'out 0'),
    ]);
  });

  it('may say nothing', () => {
    const silent: ToolMessage = {
      role: 'tool',
      content: [{ type: 'tool-result', callId: 'a', name: 'f', output: '' }],
    };
    expect(convert([assistant(call('a')), silent]).messages.at(-1)?.content).toEqual([
      { type: 'tool_result', tool_use_id: 'a' },
    ]);
  });
});

describe('thoughts', () => {
  const data = { type: 'thinking', thinking: 'hm', signature: 'sig' };
  const redacted = { type: 'redacted_thinking', data: 'AAAA' };

  it('go back to who had them, unchanged and in their place', () => {
    const answer = assistant(
      thought('anthropic', data),
      thought('anthropic', redacted),
      thought('other', {}),
      call('a'),
    );
    expect(convert([user('hi'), answer, results('a')]).messages[1]?.content).toEqual([data, redacted, use('a')]);
  });

  it('are left out where they led to nothing', () => {
    const hosted = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const answer = assistant(thought('anthropic', hosted), thought('anthropic', data));
    expect(convert([user('hi'), answer, user('go on')]).messages[1]?.content).toEqual([hosted]);
    expect(convert([user('hi'), assistant(thought('anthropic', data)), user('go on')]).messages).toHaveLength(1);
  });
});

describe('attachments', () => {
  const url = { type: 'url', url: 'https://x/y' } as const;

  it.each([
    ['image/png', base64('AAAA'), { type: 'base64', media_type: 'image/png', data: 'AAAA' }],
    ['image/jpg', base64('AAAA'), { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' }],
    ['image/png', url, url],
  ])('are images (%s, %j)', (mediaType, data, source) => {
    expect(contentOf({ type: 'image', mediaType, data }).blocks).toEqual([{ type: 'image', source }]);
  });

  const utf8 = Buffer.from('naïve').toString('base64');
  it.each([
    ['application/pdf', base64('AAAA'), { type: 'base64', media_type: 'application/pdf', data: 'AAAA' }],
    ['application/pdf', url, url],
    ['text/markdown; charset=utf-8', base64(utf8), { type: 'text', media_type: 'text/plain', data: 'naïve' }],
    ['application/json', base64(utf8), { type: 'text', media_type: 'text/plain', data: 'naïve' }],
  ])('are documents (%s, %j)', (mediaType, data, source) => {
    expect(contentOf({ type: 'file', mediaType, data }).blocks).toEqual([{ type: 'document', source }]);
    expect(contentOf({ type: 'file', mediaType, data, name: 'a' }, true).blocks).toEqual([
      { type: 'document', source, title: 'a', citations: { enabled: true } },
    ]);
  });

  it.each([
    { type: 'image', mediaType: 'image/svg+xml', data: base64('AAAA') },
    { type: 'file', mediaType: 'application/zip', data: base64('AAAA') },
    { type: 'file', mediaType: 'text/plain', data: url },
  ] as const)('are left out with a warning: %j', (part) => {
    const { blocks, warnings } = contentOf(part);
    expect(blocks).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'unsupported_content' }]);
  });

  it('are left out when there is nothing in them', () => {
    const { blocks, warnings } = contentOf({ type: 'file', mediaType: 'text/plain', data: base64('') });
    expect([blocks, warnings]).toEqual([[], []]);
  });
});
