import { describe, expect, it } from 'vitest';
import { added, done, event, partsOf, readerOf } from '../../../../testing/response-events.js';

const message = { type: 'message', id: 'msg_1' };
const reasoning = { type: 'reasoning', id: 'rs_1', summary: [] };

const replays = (...items: object[]) =>
  partsOf(...items.map((item, index) => done(index, item))).filter(
    (part) => part.type === 'reasoning-replay' || part.type === 'tool-call-start',
  );

describe('reasoning', () => {
  it('makes a block of each thought, the first one at once', () => {
    const parts = partsOf(
      added(0, reasoning),
      event('reasoning_summary_part.added', { part: { text: '' } }),
      event('reasoning_summary_text.delta', { delta: 'one' }),
      event('reasoning_summary_text.done', { text: 'one' }),
      event('reasoning_summary_part.done', { part: { text: 'one' } }),
      event('reasoning_summary_text.done', { text: 'two', summary_index: 1 }),
      done(0, { ...reasoning, summary: [{ text: 'one' }, { text: 'two' }, { text: 'three' }] }),
    );
    const thoughts = ['one', 'two', 'three'].flatMap((text, index) => [
      { type: 'reasoning-start', id: `reasoning-${index}`, itemId: 'rs_1' },
      { type: 'reasoning-delta', id: `reasoning-${index}`, text },
      { type: 'reasoning-end', id: `reasoning-${index}` },
    ]);
    expect(parts).toEqual(thoughts);
    expect(readerOf([added(0, reasoning)]).take()).toEqual([thoughts[0]]);
  });

  it('is an empty block when nothing of it is shown', () => {
    const parts = partsOf(added(0, reasoning), done(0, reasoning));
    expect(parts.map((part) => part.type)).toEqual(['reasoning-start', 'reasoning-end']);
  });

  it('is over when the answer begins, though its item ends later', () => {
    const parts = partsOf(
      added(0, reasoning),
      event('content_part.added', { part: { type: 'reasoning_text', text: '' } }),
      event('reasoning_text.delta', { delta: 'hm' }),
      added(1, message),
      event('output_text.delta', { delta: 'x', output_index: 1 }),
      event('reasoning_text.done', { text: 'hm' }),
      done(0, { ...reasoning, content: [{ type: 'reasoning_text', text: 'hm' }] }),
    );
    expect(parts.map((part) => part.type)).toEqual([
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-end',
    ]);
  });
});

describe('what goes back in a tool loop', () => {
  const secret = { ...reasoning, encrypted_content: 'AAAA', status: 'completed', content: [] };
  const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
  const data = { id: 'rs_1', summary: [], encrypted_content: 'AAAA' };

  it('is the reasoning, before the call that followed from it', () => {
    expect(replays(secret, call)).toEqual([
      { type: 'reasoning-replay', reasoning: { type: 'reasoning', provider: 'openai', data } },
      { type: 'tool-call-start', id: 'tool-call-1', callId: 'c1', name: 'f' },
    ]);
  });

  it('holds the plain text where a server shows it', () => {
    const content = [{ type: 'reasoning_text', text: 'hm' }];
    expect(replays({ ...reasoning, content }, call)[0]).toMatchObject({ reasoning: { data: { content } } });
  });

  it.each([
    ['without content of its own', [{ ...reasoning, encrypted_content: null }, call], 0],
    ['followed by a tool of the provider', [secret, { type: 'web_search_call' }, call], 0],
    ['followed by nothing', [call, secret], 0],
    ['several times over', [secret, { ...secret, id: 'rs_2' }, call], 2],
    ['before a message', [secret, message], 1],
  ])('is what OpenAI takes: reasoning %s', (_, items, count) => {
    expect(replays(...items).filter((part) => part.type === 'reasoning-replay')).toHaveLength(count);
  });
});
