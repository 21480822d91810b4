import { describe, expect, it } from 'vitest';
import type { ItemOf, ThreadItem } from '../protocol/item.js';
import { aHiddenItem, anAssistantMessage, aUserMessage } from '../testing/index.js';
import { type ItemConverter, toModelInput } from './item-converter.js';

const bytes: Record<string, string> = { atc_text: 'hello', atc_image: 'png', atc_pdf: 'pdf' };
const columns = { id: 'x', thread_id: 'thr_1', created_at: '2026-01-31T09:30:00.123Z' };

const convert = (items: readonly ThreadItem[], hooks: Partial<ItemConverter> = {}) =>
  toModelInput(items, hooks, async (id) => Buffer.from(bytes[id] ?? ''));

const user = (...texts: string[]) => ({
  role: 'user',
  content: texts.map((text) => ({ type: 'text', text })),
});

const tag = (text: string, id = text) => ({
  type: 'input_tag' as const,
  id,
  text,
  data: {},
  interactive: false,
});

const base64 = (text: string) => ({ type: 'base64', data: Buffer.from(text).toString('base64') });

const result = (output: string) => ({
  role: 'tool',
  content: [{ type: 'tool-result', callId: 'c1', name: 'pick', output }],
});

const question = (id: string, answer?: { values: string[]; skipped: boolean }) => ({
  type: 'freeform' as const,
  id,
  question: `${id}?`,
  answer,
});

/** An author's own conversion. */
const readsFirst: ItemConverter['attachment'] = async ({ id }, { readAttachment }) => ({
  type: 'text',
  text: Buffer.from(await readAttachment(id)).toString(),
});

describe('items as model input', () => {
  it('joins the text of a message, tags with @, and explains each name once', async () => {
    const content = [{ type: 'input_text' as const, text: 'Ask ' }, tag('Ada', '1'), tag('Bob'), tag('Ada', '2')];
    expect(await convert([aUserMessage({ content })])).toEqual([
      user('Ask @Ada@Bob@Ada'),
      user(expect.stringContaining('mentioned') as unknown as string, '- Ada', '- Bob'),
    ]);
  });

  it('an empty message is an empty text', async () => {
    expect(await convert([aUserMessage({ content: [] })])).toEqual([user('')]);
  });

  it('quotes only what the newest item quotes', async () => {
    const old = aUserMessage({ id: 'old', quoted_text: 'OLD' });
    const quoting = aUserMessage({ quoted_text: 'NEW' });
    const messages = await convert([old, quoting]);
    expect(JSON.stringify(messages)).not.toContain('OLD');
    expect(messages.at(-1)).toEqual(user('The user is referring to this in particular:\nNEW'));
    expect(JSON.stringify(await convert([quoting, anAssistantMessage()]))).not.toContain('NEW');
  });

  it('gives attachments by their bytes: text as text, pictures as pictures, the rest as files', async () => {
    const file = { type: 'file' as const, name: 'a' };
    const attachments = [
      { ...file, id: 'atc_text', mime_type: 'text/plain' },
      { type: 'image' as const, id: 'atc_image', name: 'b', mime_type: 'image/png', preview_url: 'http://x/' },
      { ...file, id: 'atc_pdf', mime_type: 'application/pdf' },
    ];
    const [message] = await convert([aUserMessage({ attachments })]);
    expect(message?.content.slice(1)).toEqual([
      { type: 'text', text: 'The attached file a:\n<Attachment>\nhello\n</Attachment>' },
      { type: 'image', mediaType: 'image/png', data: base64('png') },
      { type: 'file', mediaType: 'application/pdf', data: base64('pdf'), name: 'a' },
    ]);
  });

  it.each(['', ' \n'])('leaves out an empty text beside an attachment: %j', async (text) => {
    const attachments = [{ type: 'file' as const, id: 'atc_text', name: 'a', mime_type: 'text/plain' }];
    const content = [{ type: 'input_text' as const, text }];
    for (const written of [content, []]) {
      const [message] = await convert([aUserMessage({ content: written, attachments })]);
      expect(message?.content).toHaveLength(1);
    }
  });

  it('gives a note for an attachment without bytes, whoever converts it; other failures stay failures', async () => {
    const missing = Object.assign(new Error('gone'), { code: 'attachment.not_found' });
    const attachments = [{ type: 'file' as const, id: 'atc_text', name: 'note.txt', mime_type: 'text/plain' }];
    const item = aUserMessage({ content: [{ type: 'input_text', text: 'Look' }], attachments });
    const read = (error: Error, hooks: Partial<ItemConverter> = {}) =>
      toModelInput([item], hooks, async () => {
        throw error;
      });
    expect(await read(missing)).toEqual([user('Look', '[attachment note.txt is no longer available]')]);
    expect(await read(missing, { attachment: readsFirst })).toEqual(await read(missing));
    await expect(read(new Error('the disk is away'))).rejects.toThrow('the disk is away');
  });

  it('leaves out what has no text', async () => {
    expect(await convert([anAssistantMessage({ content: [] }), { type: 'end_of_turn', ...columns }])).toEqual([]);
  });

  it('leaves out a pending tool call, and gives a completed one with its output', async () => {
    const call: ItemOf<'client_tool_call'> = {
      type: 'client_tool_call',
      ...columns,
      status: 'pending',
      call_id: 'c1',
      name: 'pick',
      arguments: { a: null },
    };
    expect(await convert([call])).toEqual([]);
    const asked = {
      role: 'assistant',
      content: [{ type: 'tool-call', callId: 'c1', name: 'pick', arguments: '{"a":null}' }],
    };
    expect(await convert([{ ...call, status: 'completed', output: { x: 1 } }])).toEqual([asked, result('{"x":1}')]);
    expect(await convert([{ ...call, status: 'completed' }])).toEqual([asked, result('null')]);
  });

  it('shows a widget by its id, without nulls', async () => {
    const widget = { type: 'Card', color: null, children: [] };
    const [message] = await convert([{ type: 'widget', ...columns, id: 'msg_w', widget, copy_text: 'COPY' }]);
    expect(JSON.stringify(message)).toContain('msg_w');
    expect(JSON.stringify(message)).not.toMatch(/COPY|color/);
  });

  it('includes custom tasks with a title or content, but no thoughts', async () => {
    const tasks = [
      { type: 'custom' as const, status_indicator: 'none' as const, title: 'Read', content: 'a file' },
      { type: 'custom' as const, status_indicator: 'none' as const },
      { type: 'thought' as const, status_indicator: 'none' as const, content: 'secret' },
    ];
    const workflow = { type: 'custom' as const, tasks, expanded: false };
    const messages = await convert([{ type: 'workflow', ...columns, workflow }]);
    expect(messages).toEqual([user('A step that was shown to the user:\n<Task>\nRead: a file\n</Task>')]);
  });

  it('gives hidden context the role of the user, also when it is not text', async () => {
    const [text, object] = await convert([aHiddenItem(), aHiddenItem({ content: { a: 1 } })]);
    expect(JSON.stringify(text)).toContain('<HiddenContext>\\nfor the model only\\n</HiddenContext>');
    expect(JSON.stringify(object)).toContain('{\\"a\\":1}');
  });

  it('writes a form line by line', async () => {
    const inputs = [
      question('a', { values: ['x', 'y'], skipped: false }),
      question('b', { values: [], skipped: true }),
      question('c'),
    ];
    const [message] = await convert([{ type: 'structured_input', ...columns, status: 'answered', inputs }]);
    const lines = '- a?: x, y\\n- b?: skipped\\n- c?: unanswered';
    expect(JSON.stringify(message)).toContain(`<StructuredInput>\\n${lines}\\n</StructuredInput>`);
  });

  it('shows a generated picture, by bytes or by URL, and nothing while there is none', async () => {
    const image = (url: string) => ({ type: 'generated_image' as const, ...columns, image: { id: 'i', url } });
    const [inline] = await convert([image('data:image/jpeg;base64,AAAA')]);
    expect(inline?.content[1]).toEqual({
      type: 'image',
      mediaType: 'image/jpeg',
      data: { type: 'base64', data: 'AAAA' },
    });
    const [linked] = await convert([image('https://x.example/a.png')]);
    expect(linked?.content[1]).toMatchObject({ data: { type: 'url', url: 'https://x.example/a.png' } });
    expect(await convert([{ type: 'generated_image', ...columns }])).toEqual([]);
  });

  it('lets each hook be replaced on its own', async () => {
    const content = [tag('Ada')];
    const messages = await convert([aUserMessage({ content }), anAssistantMessage()], {
      tag: ({ id }) => ({ type: 'text', text: `<${id}>` }),
      assistantMessage: () => [],
    });
    expect(messages.at(-1)?.content.at(-1)).toEqual({ type: 'text', text: '<Ada>' });
    expect(messages).toHaveLength(2);
  });
});
