import { describe, expect, it } from 'vitest';
import {
  aClientToolCall,
  aForm,
  aHiddenItem,
  anAssistantMessage,
  anImage,
  aUserMessage,
  aWidget,
  aWorkflow,
} from '../testing/index.js';
import { ThreadItem } from './item.js';

describe('ThreadItem', () => {
  it.each([
    aUserMessage(),
    anAssistantMessage(),
    aHiddenItem({ content: { note: null } }),
    { ...aHiddenItem({ content: 'stopped' }), type: 'sdk_hidden_context' },
    { ...aHiddenItem(), type: 'end_of_turn', content: undefined },
    aClientToolCall(),
    aClientToolCall({ status: 'completed', output: { ids: [3, null] } }),
    aWidget({ copy_text: 'Copy me' }),
    anImage(),
    anImage({ image: { id: 'ig_1', url: 'data:image/png;base64,AAAA' } }),
    aForm(),
    aWorkflow(),
  ])('reads $type', (item) => {
    expect(ThreadItem.parse(item)).toEqual(item);
  });

  it('turns null fields into absent ones and leaves free-form values alone [SER-1] [SER-2]', () => {
    const data = { paid_at: null, tags: [null] };
    const tag = { type: 'input_tag', id: 't', text: 'T', data, group: null, interactive: true };
    const item = ThreadItem.parse({ ...aUserMessage(), content: [tag], quoted_text: null });
    expect(JSON.parse(JSON.stringify(item))).toEqual({
      ...aUserMessage(),
      content: [{ type: 'input_tag', id: 't', text: 'T', data, interactive: true }],
    });
  });

  it('writes the defaults that are not null [SER-3]', () => {
    const { attachments: _a, inference_options: _i, ...message } = aUserMessage();
    expect(ThreadItem.parse(message)).toEqual(aUserMessage());
    const answer = { ...anAssistantMessage(), content: [{ type: 'output_text', text: 'Hello yourself' }] };
    expect(ThreadItem.parse(answer)).toEqual(anAssistantMessage());
  });

  it('keeps attachments as snapshots, without what is private [AT-4] [SER-5]', () => {
    const file = { type: 'file' as const, id: 'atc_1', name: 'scan.pdf', mime_type: 'application/pdf' };
    const image = { ...file, type: 'image' as const, preview_url: 'https://img.example/1' };
    const secret = { metadata: { owner: 1 }, size: 3, upload_descriptor: null };
    const item = ThreadItem.parse({ ...aUserMessage(), attachments: [{ ...file, ...secret }, image] });
    expect(item).toEqual(aUserMessage({ attachments: [file, image] }));
    expect(ThreadItem.safeParse({ ...aUserMessage(), attachments: [{ ...file, type: 'image' }] }).success).toBe(false);
  });

  it('keeps all of an annotation', () => {
    const source = { type: 'url' as const, title: 'A', url: 'https://a.example', attribution: 'A Ltd' };
    const annotation = { type: 'annotation' as const, index: 3, source };
    const item = anAssistantMessage({ content: [{ type: 'output_text', text: 'See', annotations: [annotation] }] });
    expect(ThreadItem.parse(item)).toEqual(item);
  });

  it.each([{ type: 'hologram' }, { id: undefined }, { thread_id: null }, { created_at: '2026-01-31T09:30:00' }])(
    'refuses a message with %j [IT-1] [SER-7]',
    (fields) => {
      expect(ThreadItem.safeParse({ ...aUserMessage(), ...fields }).success).toBe(false);
    },
  );
});
