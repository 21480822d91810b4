import { beforeAll, describe, expect, it } from 'vitest';
import { addMessage, createThread, input, listItems, post, threadIdOf } from '../support/chat.js';
import { useRelay } from '../support/relay.js';

const TEN_MEGABYTES = 10 * 1024 * 1024;

const turn = (changes: object) => ({
  type: 'threads.create',
  params: { input: { ...input('Hello'), ...changes } },
});

describe('what is refused', () => {
  const relay = useRelay('postgres');
  let foreign: string;
  beforeAll(async () => {
    foreign = threadIdOf(await post(relay.url, createThread('Mine (tokens=1)'), { user: 'grace' }));
  });

  const rows = async () =>
    relay.query(`SELECT (SELECT count(*) FROM threads) AS threads, (SELECT count(*) FROM items) AS items,
                        (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM bullmq.job) AS jobs`);

  it.each<[string, number, string, unknown, string?]>([
    ['no body', 400, 'request.invalid', ''],
    ['a body that is not JSON', 400, 'request.invalid', '{"type":'],
    ['a body that is no object', 400, 'request.invalid', '[]'],
    ['a body of 10 MB', 413, 'request.too_large', 'x'.repeat(TEN_MEGABYTES)],
    ['no type', 400, 'request.invalid', { params: {} }],
    ['a type that is no string', 400, 'request.invalid', { type: 7, params: {} }],
    ['an unknown type', 400, 'request.unknown_type', { type: 'threads.destroy', params: {} }],
    ['no params', 400, 'request.invalid', { type: 'threads.list' }],
    ['a negative limit', 400, 'request.invalid', { type: 'threads.list', params: { limit: -1 } }],
    ['metadata that is null', 400, 'request.invalid', { type: 'threads.list', params: {}, metadata: null }],
    ['an unknown content part', 400, 'request.invalid', turn({ content: [{ type: 'input_smell', text: 'x' }] })],
    ['an id with a NUL', 400, 'request.invalid', listItems('thr_\u0000')],
    ['an unknown thread', 404, 'thread.not_found', addMessage('thr_nowhere', 'Hello')],
    ['an unknown assistant, in the query', 404, 'assistant.not_found', createThread('Hello'), '?assistant=nobody'],
    ['items of an unknown thread', 404, 'thread.not_found', listItems('thr_nowhere')],
    ['an unknown cursor', 404, 'cursor.not_found', { type: 'threads.list', params: { after: 'thr_nowhere' } }],
    ['an unknown attachment', 404, 'attachment.not_found', turn({ attachments: ['atc_nothing'] })],
    ['a model that nothing maps to', 422, 'model.unknown', createThread('Hello', { model: 'nobody/nothing' })],
    ['a model without a provider', 422, 'model.unknown', createThread('Hello', { model: 'gpt' })],
  ])('%s: %i %s, and nothing is left behind', async (_, status, code, body, query) => {
    const before = await rows();
    const answer = await post(relay.url, body, { query });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/json');
    const { error } = JSON.parse(answer.raw) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    expect(error.message).not.toBe('');
    expect(await rows()).toEqual(before);
  });

  it.each([
    ['a message to it', (id: string) => addMessage(id, 'Hello')],
    ['its items', (id: string) => listItems(id)],
    ['it', (id: string) => ({ type: 'threads.get_by_id', params: { thread_id: id } })],
  ])("somebody else's thread does not exist: %s is 404", async (_, request) => {
    const before = await rows();
    const answer = await post(relay.url, request(foreign), { user: 'ada' });
    expect(answer.status).toBe(404);
    expect(await rows()).toEqual(before);
  });

  it('a request without its user header is 401', async () => {
    const answer = await post(relay.url, createThread('Hello'), { headers: { 'x-test-user': '' } });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.raw)).toMatchObject({ error: { code: 'auth.required' } });
  });
});
