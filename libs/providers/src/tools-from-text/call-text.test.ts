import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WrittenCall } from './call-shape.js';
import { CallText } from './call-text.js';

const OFFERED = new Set(['weather', 'web.search', 'say']);

interface Separated {
  readonly text: string;
  readonly calls: readonly WrittenCall[];
}

/** What comes out of a text that comes in these pieces. */
function separate(pieces: readonly string[]): Separated {
  const reader = new CallText(OFFERED);
  const out = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  return {
    text: out.filter((piece) => typeof piece === 'string').join(''),
    calls: out.filter((piece) => typeof piece !== 'string'),
  };
}

const cut = (whole: string) =>
  fc.array(fc.nat(whole.length), { maxLength: 12 }).map((places) => {
    const sorted = [0, ...places.toSorted((a, b) => a - b), whole.length];
    return sorted.slice(1).map((end, index) => whole.slice(sorted[index], end));
  });
const calls = (...all: [name: string, args: unknown][]): WrittenCall[] =>
  all.map(([name, args]) => ({ name, arguments: JSON.stringify(args) }));

const W = '{"name": "weather", "arguments": {"city": "Bonn"}}';
const WEATHER = calls(['weather', { city: 'Bonn' }]);
const TAG = `<tool_call>\n${W}\n</tool_call>`;

describe('what is a call, cut anywhere', () => {
  it.each<[string, string, Separated]>([
    ['a tag', TAG, { text: '', calls: WEATHER }],
    ['a tag on one line', `<tool_call>${W}</tool_call>`, { text: '', calls: WEATHER }],
    ['a tag behind blank lines', `\n\n ${TAG}\n\n`, { text: '', calls: WEATHER }],
    ['a tag behind a text', `I look.\n\n${TAG}\n`, { text: 'I look.', calls: WEATHER }],
    ['a tag behind a sentence on its line', `I look. ${TAG}`, { text: 'I look. ', calls: WEATHER }],
    ['a tag between texts', `One.\n${TAG}\nTwo.\n`, { text: 'One.\nTwo.\n', calls: WEATHER }],
    [
      'a tag, and a result that is made up',
      `So.\n${TAG}\n<tool_response>\n{}\n</tool_response>\nSunny.\n${TAG}`,
      { text: 'So.', calls: WEATHER },
    ],
    [
      'a tag, and talk of results',
      `${TAG}\nThe <tool_response> comes.\n<tool_r>`,
      { text: '\nThe <tool_response> comes.\n<tool_r>', calls: WEATHER },
    ],
    ['two tags', `${TAG}\n${TAG}`, { text: '', calls: [...WEATHER, ...WEATHER] }],
    ['two tags without a gap', `${TAG}${TAG}`, { text: '', calls: [...WEATHER, ...WEATHER] }],
    ['a tag with a list', `<tool_call>[${W},${W}]</tool_call>`, { text: '', calls: [...WEATHER, ...WEATHER] }],
    ['a tag without arguments', '<tool_call>{"name":"say"}</tool_call>', { text: '', calls: calls(['say', {}]) }],
    ['a tag that nobody closes', `<tool_call>\n${W}`, { text: '', calls: WEATHER }],
    ['a tag that is cut while it closes', `<tool_call>\n${W}\n</tool_`, { text: '', calls: WEATHER }],
    ['Mistral’s word', `[TOOL_CALLS] [${W}]`, { text: '', calls: WEATHER }],
    ['a label', 'TOOL_CALL: weather\nARGUMENTS: {"city": "Bonn"}', { text: '', calls: WEATHER }],
    [
      'a label behind a text, with more behind it',
      'I look.\nTOOL_CALL: weather\nARGUMENTS:\n{\n "city": "Bonn"\n}\nDone.',
      { text: 'I look.\nDone.', calls: WEATHER },
    ],
    [
      'two labels',
      'TOOL_CALL weather\r\nARGUMENTS {"city":"Bonn"}\n\nTOOL_CALL: `say`\nARGUMENTS: {}',
      { text: '', calls: [...WEATHER, ...calls(['say', {}])] },
    ],
    ['Mistral’s word behind a sentence', `Yes.[TOOL_CALLS][${W}]`, { text: 'Yes.', calls: WEATHER }],
    ['Llama’s JSON', W.replace('arguments', 'parameters'), { text: '', calls: WEATHER }],
    ['OpenAI’s JSON', `{"tool_calls":[{"id":"1","type":"function","function":${W}}]}`, { text: '', calls: WEATHER }],
    [
      'arguments as a text',
      `{"name":"say","arguments":"{\\"a\\":[1]}"}`,
      { text: '', calls: calls(['say', { a: [1] }]) },
    ],
    [
      'a tag behind JSON that is none',
      `{"name": "say", "arguments": {"a": "b\n${TAG}`,
      { text: '{"name": "say", "arguments": {"a": "b', calls: WEATHER },
    ],
    ['a bare list', `[${W},\n${W}]`, { text: '', calls: [...WEATHER, ...WEATHER] }],
    ['a fence of JSON', `Look:\n\`\`\`json\n${W}\n\`\`\`\n`, { text: 'Look:', calls: WEATHER }],
    ['a fence of JSON with a list', `\`\`\`json\n[${W}]\n\`\`\``, { text: '', calls: WEATHER }],
    [
      'a fence of its own name',
      `\`\`\`\`tool_call\r\n${W}\r\n\`\`\`\`\r\nDone.`,
      { text: '\r\nDone.', calls: WEATHER },
    ],
    ['a fence that nobody closes', `\`\`\`json\n${W}\n\``, { text: '', calls: WEATHER }],
    [
      'markers, braces and quotes in the arguments',
      `<tool_call>{"name":"say","arguments":{"a":"</tool_call> } ] \\" \\\\","b":{"c":[{}, "\`\`\`"]}}}</tool_call>`,
      { text: '', calls: calls(['say', { a: '</tool_call> } ] " \\', b: { c: [{}, '```'] } }]) },
    ],
    [
      'a name with a dot, and numbers of all kinds',
      '<tool_call>{"arguments":{"n":[-0.5e+3,0,12,true,null,"\\u00e4"]},"name":"web.search"}</tool_call>',
      { text: '', calls: calls(['web.search', { n: [-500, 0, 12, true, null, 'ä'] }]) },
    ],
  ])('%s', (_, whole, expected) => {
    expect(separate([whole])).toEqual(expected);
    fc.assert(fc.property(cut(whole), (pieces) => void expect(separate(pieces)).toEqual(expected)));
  });
});

/** Texts that are no calls, each a block of lines. */
const QUOTES: readonly string[] = [
  `Write <tool_call>${W}</tool_call> to call it.`,
  `<tool_call>${W}</tool_call> is how a call looks.`,
  `\`<tool_call>${W}</tool_call>\``,
  `\`\`<tool_call>${W}</tool_call>\`\` and \`\`\`${W}\`\`\``,
  `\`\`\`${W}\`\`\``,
  `> ${W}`,
  `- <tool_call>${W}</tool_call>`,
  `\`\`\`xml\n${TAG}\n\`\`\``,
  `\`\`\`\n${W}\n\`\`\``,
  `~~~json\n${W}\n~~~`,
  `\`\`\`json\n${W}\n${W}\n\`\`\``,
  `\`\`\`json\n[]\n\`\`\``,
  `\`\`\`json\n{"name": "other"}\n${W}\n\`\`\``,
  `\`\`\`\`json\n{"other": 1}\n\`\`\`\n${TAG}\n\`\`\`\``,
  TAG.replace('weather', 'nobody'),
  TAG.replace('weather', 'weath'),
  TAG.replace('"Bonn"', 'Bonn'),
  TAG.replace('{"city": "Bonn"}', '"Bonn"'),
  TAG.replace('"Bonn"', '01'),
  TAG.replace('Bonn', '\\x'),
  TAG.replace('\n</', ' x</'),
  TAG.replace('"name"', '"title"'),
  `<tool_call>${W}</tool_response>`,
  `<tool_calls>${W}</tool_calls>`,
  '{"name": "weather"}',
  `{"name": "weather", "note": ${W}}`,
  `{"tools": [\n${W}\n]}`,
  `[1, ${W}]`,
  `[${W}, {}]`,
  `{"type": "object", "name": "weather", "arguments": {}}`,
  '{"function": {"function": {"name": "nobody", "arguments": {}}}}',
  '[TOOL_CALLS] none',
  '[a link](https://x) and a note [1]',
  'if (a < b) { return [c]; }',
  '{{template}}',
  'Äußerst 好 🙂',
];

it.each(QUOTES)('%s is text as it is, cut anywhere', (whole) => {
  const expected = { text: whole, calls: [] };
  fc.assert(fc.property(cut(whole), (pieces) => void expect(separate(pieces)).toEqual(expected)));
});

it.each([
  '<tool_response>\n{}\n</tool_response>',
  '{',
  '<tool_call>',
  `<tool_call>\n${W.slice(0, -1)}`,
  '```json\n{"na',
  '[TOOL_CA',
  '\n\n',
  '``',
  ' ',
])('%j is shown when nothing follows it', (whole) => expect(separate([whole])).toEqual({ text: whole, calls: [] }));

describe('any text of prose, quotes, code and calls', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => ({ '}</tool_call>': value }));
  const call = fc.record({ name: fc.constantFrom(...OFFERED), args: json }).chain(({ name, args }) => {
    const one = JSON.stringify({ name, arguments: args });
    const spread = JSON.stringify({ name, parameters: args }, null, 2);
    return fc
      .constantFrom(
        `<tool_call>\n${one}\n</tool_call>`,
        `  <tool_call>${spread}</tool_call>`,
        `[TOOL_CALLS] [${one}]`,
        `\`\`\`json\n${spread}\n\`\`\``,
        `\`\`\`tool_call\n[${one}]\n\`\`\`  `,
        `{"tool_calls": [${one}]}`,
        spread,
      )
      .map((source) => ({ source, calls: calls([name, args]) }));
  });
  const words = fc.constantFrom('Well', 'a < b', 'x = {}', 'it is `<tool_call>`', 'see [1]', '你好', '"quoted"', '`{`');
  const prose = fc
    .array(words, { minLength: 1, maxLength: 5 })
    .map((all) => ({ source: `So ${all.join(' ')}`, calls: [] as WrittenCall[] }));
  const quote = fc.constantFrom(...QUOTES).map((source) => ({ source, calls: [] as WrittenCall[] }));
  const gap = fc.constantFrom('\n', '\n\n', '\n  \n', '\r\n');
  const text = fc.array(fc.record({ gap, block: fc.oneof(call, prose, quote) }), { maxLength: 8 });

  it('gives the text without the calls, and the calls, for every cut, and never takes anything back', () => {
    const cutText = text.chain((blocks) => {
      const whole = blocks.map((one, index) => (index === 0 ? '' : one.gap) + one.block.source).join('');
      return cut(whole).map((pieces) => ({ blocks, pieces }));
    });
    fc.assert(
      fc.property(cutText, ({ blocks, pieces }) => {
        const expected = {
          text: blocks
            .map(({ gap: before, block }, index) =>
              block.calls.length > 0 ? '' : (index === 0 ? '' : before) + block.source,
            )
            .join(''),
          calls: blocks.flatMap(({ block }) => block.calls),
        };
        expect(separate(pieces)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  const scraps = fc.constantFrom(
    '<tool_call>',
    '</tool_call>',
    '[TOOL_CALLS]',
    '```',
    '~~~',
    'json',
    '\n',
    ' ',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '"name"',
    '"weather"',
    '"arguments"',
    '"tool_calls"',
    '.',
    'x',
    '0',
    W,
    TAG,
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(scraps, { maxLength: 30 }).map((all) => all.join('')),
  );

  it('is read the same for every cut, whatever it is, and without a call it stays byte for byte', () => {
    fc.assert(
      fc.property(
        anything.chain((whole) => cut(whole).map((pieces) => ({ whole, pieces }))),
        ({ whole, pieces }) => {
          const separated = separate(pieces);
          expect(separated).toEqual(separate([whole]));
          expect(separated.calls.length === 0 ? separated.text : whole).toBe(whole);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** What is to be seen after each piece. */
const seenAfter = (...pieces: string[]): string[] => {
  const reader = new CallText(OFFERED);
  return pieces.map((piece) => reader.push(piece).join(''));
};

describe('what is held back', () => {
  it('is nothing of plain text', () => {
    const pieces = ['Hel', 'lo ', 'there', ', a <', ' b', ' and {', '}', '.', ' Yes', ' `code`'];
    expect(seenAfter(...pieces)).toEqual(pieces);
  });

  it('is a line’s beginning only as long as it may still be a call', () => {
    expect(seenAfter('A\n', '{', '"n', 'ot', '": 1', ',"k":\n', W, '\n}')).toEqual([
      'A',
      '',
      '',
      '\n{"not',
      '": 1',
      ',"k":\n',
      W,
      '\n}',
    ]);
    expect(seenAfter('<to', 'ol_x', 'y')).toEqual(['', '<tool_x', 'y']);
    expect(seenAfter('{"name": "web', 'er', '"')).toEqual(['', '{"name": "weber', '"']);
    expect(seenAfter('```js', 'on', '5\n', TAG, '\n```')).toEqual(['', '', '```json5\n', TAG, '\n```']);
  });
});

it('reads a long call and a long text that is nearly one in time that grows with its length', () => {
  const long = JSON.stringify({ name: 'say', arguments: { text: 'word {"a": [1]}\n'.repeat(20_000) } });
  expect(separate([`<tool_call>${long}</tool_call>`]).calls).toHaveLength(1);
  const nearly = '{"name": "say", "arguments": {\n'.repeat(20_000);
  expect(separate([nearly]).text).toBe(nearly);
  const deep = `{"name":"say","arguments":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
  expect(separate([deep]).text.length).toBeLessThanOrEqual(deep.length);
  for (const start of ['`', '~', '``` ', '```json ', `\`\`\`json\n${W}\n\`\`\`x`, `<tool_call>${W}x `]) {
    const run = start + start.slice(-1).repeat(500_000);
    expect(separate(run.match(/.{1,20}/gs) ?? [])).toEqual({ text: run, calls: [] });
  }
  expect(separate(`\`\`\`json\n${W}\n${'`'.repeat(500_000)}`.match(/.{1,20}/gs) ?? []).calls).toEqual(WEATHER);
});
