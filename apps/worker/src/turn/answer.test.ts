import { describe, expect, it } from 'vitest';
import { applyEvent, emptyThread, parseFrames } from '#chatkit';
import type { StreamPart } from '#providers';
import { Answer } from './answer.js';

function played(parts: readonly StreamPart[]) {
  const frames: string[] = [];
  const opened: string[] = [];
  const sink = { write: (frame: string) => void frames.push(frame), itemOpened: (id: string) => void opened.push(id) };
  const answer = new Answer(sink, 'msg_1', 'thr_1', new Date(0));
  for (const part of parts) answer.accept(part);
  return { answer, opened, frames, events: parseFrames(frames.join('')) };
}

const text = (...deltas: string[]): StreamPart[] => [
  { type: 'text-start', id: 'a' },
  ...deltas.map((delta) => ({ type: 'text-delta', id: 'a', text: delta }) as const),
  { type: 'text-end', id: 'a' },
];
const finish: StreamPart = { type: 'finish', reason: { unified: 'stop', raw: 'stop' }, usage: { outputTokens: 2 } };

describe('Answer', () => {
  it('is silent until there is text: nothing is announced for an empty stream', () => {
    const { answer, frames } = played([finish]);
    expect(frames).toEqual([]);
    expect(answer.item).toBeUndefined();
    expect(answer.usage).toEqual({ outputTokens: 2 });
  });

  it('announces the message before its first part, once', () => {
    const { events, opened } = played([...text('Hi'), { type: 'text-start', id: 'b' }, finish]);
    expect(events.map((event) => event.type)[0]).toBe('thread.item.added');
    expect(opened).toEqual(['msg_1']);
  });

  it('shows what it keeps: the events fold to the item (GF-3)', () => {
    const second: StreamPart[] = [
      { type: 'text-start', id: 'b' },
      { type: 'text-delta', id: 'b', text: 'Again' },
      { type: 'text-end', id: 'b' },
    ];
    const { answer, events } = played([...text('Hel', 'lo'), ...second, finish]);
    const state = events.reduce(applyEvent, emptyThread);
    expect(state.open.get('msg_1')?.item).toEqual(answer.item);
    expect(answer.item?.content.map((part) => part.text)).toEqual(['Hello', 'Again']);
  });

  it('never sends half a character (SER-6)', () => {
    const { events, answer } = played([...text('a\ud83d', '\ude00b'), finish]);
    const deltas = JSON.stringify(events).match(/"delta":"[^"]*"/g);
    expect(deltas).toEqual(['"delta":"a"', '"delta":"😀b"']);
    expect(answer.item?.content[0]?.text).toBe('a😀b');
  });

  it('has nothing worth keeping in white space alone (CX-2)', () => {
    expect(played(text(' \n')).answer.hasText).toBe(false);
    expect(played(text(' x')).answer.hasText).toBe(true);
  });

  it('ignores what this version does not show', () => {
    const { events } = played([
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', text: 'hm' },
      { type: 'reasoning-end', id: 'r' },
      ...text('Yes'),
    ]);
    expect(JSON.stringify(events)).not.toContain('hm');
  });
});
