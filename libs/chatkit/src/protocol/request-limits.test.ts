import { describe, expect, it } from 'vitest';
import { parseRequest } from './parse-request.js';
import { REQUEST_LIMITS, type RequestLimitName } from './request-limits.js';

const thread = { thread_id: 'thr_1' };
const message = (input: object) => ({
  type: 'threads.create',
  params: { input: { content: [], attachments: [], inference_options: {}, ...input } },
});
const submission = (answers: object) => ({
  type: 'threads.add_structured_input',
  params: { ...thread, item_id: 'si_1', input: { answers } },
});
const text = (length: number) => 'x'.repeat(length);
const list = <T>(length: number, entry: T): T[] => Array<T>(length).fill(entry);
const named = (count: number) => Object.fromEntries(list(count, 0).map((_, index) => [`q${index}`, {}]));
const part = (of: string) => ({ type: 'input_text', text: of });
const file = (fields: object) => ({
  type: 'attachments.create',
  params: { name: 'a', size: 1, mime_type: 'a/b', ...fields },
});

/** A request of a size, for every limit of ChatKit requests. */
const requests: [RequestLimitName, (size: number) => object][] = [
  ['id', (size) => ({ type: 'threads.delete', params: { thread_id: text(size) } })],
  ['id', (size) => ({ type: 'threads.list', params: { after: text(size) } })],
  ['id', (size) => message({ inference_options: { model: text(size) } })],
  ['id', (size) => message({ inference_options: { tool_choice: { id: text(size) } } })],
  ['title', (size) => ({ type: 'threads.update', params: { ...thread, title: text(size) } })],
  ['message.parts', (size) => message({ content: list(size, part('')) })],
  ['message.text', (size) => message({ content: [part(text(size - 10)), part(text(10))] })],
  ['message.quote', (size) => message({ quoted_text: text(size) })],
  ['message.tag', (size) => message({ content: [{ type: 'input_tag', id: 'a', text: text(size) }] })],
  ['message.tag', (size) => message({ content: [{ type: 'input_tag', id: text(size), text: 'a' }] })],
  ['message.tag', (size) => message({ content: [{ type: 'input_tag', id: 'a', text: 'a', group: text(size) }] })],
  ['message.attachments', (size) => message({ attachments: list(size, 'atc_1') })],
  ['form.answers', (size) => submission(named(size))],
  ['form.values', (size) => submission({ q: { values: list(size, 'a') } })],
  ['form.value', (size) => submission({ q: { values: [text(size)] } })],
  ['action.type', (size) => ({ type: 'threads.custom_action', params: { ...thread, action: { type: text(size) } } })],
  [
    'feedback.items',
    (size) => ({ type: 'items.feedback', params: { ...thread, item_ids: list(size, 'a'), kind: 'positive' } }),
  ],
  ['file.name', (size) => file({ name: text(size) })],
  ['media.type', (size) => file({ mime_type: text(size) })],
];

describe('the limits of a request', () => {
  it.each(requests)('%s: as much as is allowed, and no more', (limit, request) => {
    const { max } = REQUEST_LIMITS[limit];
    expect(parseRequest(request(max))).toMatchObject({ ok: true });
    expect(parseRequest(request(max + 1))).toMatchObject({
      ok: false,
      message: expect.stringContaining(`limit ${limit}`),
    });
  });

  it('every one of them is tried', () => {
    const ours = Object.keys(REQUEST_LIMITS).filter((name) => !/^(json|completion)\./.test(name));
    expect(new Set(requests.map(([name]) => name))).toEqual(new Set(ours));
  });
});

describe('a refusal', () => {
  it('of a long list does not look at its entries', () => {
    const refused = parseRequest(message({ attachments: list(100_000, 7) }));
    expect(refused).toMatchObject({ ok: false, issues: [{ path: 'params.input.attachments' }] });
  });

  it('lists ten errors', () => {
    const refused = parseRequest(message({ content: list(1_000, 7) }));
    if (refused.ok) throw new Error('was not refused');
    expect(refused.issues).toHaveLength(10);
  });

  it('does not repeat a long key', () => {
    const refused = parseRequest(submission({ [text(1_000_000)]: 7 }));
    expect(JSON.stringify(refused).length).toBeLessThan(1_000);
  });
});

it.each(['9999', '9007199254740993', '1e300', '1e999'])('a page of %s rows may be asked for', (limit) => {
  expect(parseRequest(JSON.parse(`{"type":"threads.list","params":{"limit":${limit}}}`))).toMatchObject({ ok: true });
});
