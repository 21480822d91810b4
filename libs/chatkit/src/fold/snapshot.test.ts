import { describe, expect, it } from 'vitest';
import { streamError } from '../protocol/error-code.js';
import type { ThreadStreamEvent } from '../protocol/event.js';
import {
  anAssistantMessage,
  anImage,
  answerEvents,
  aThread,
  aUserMessage,
  aWidget,
  aWorkflow,
  partEvents,
  textDelta,
  updated,
} from '../testing/index.js';
import { encodeEvent } from '../wire/encode-sse.js';
import { toWireThread } from '../wire/wire-thread.js';
import { applyEvent } from './apply-event.js';
import { parseFrames } from './parse-frames.js';
import { snapshotFrames } from './snapshot.js';
import { emptyThread } from './thread-state.js';

const added: ThreadStreamEvent = { type: 'thread.item.added', item: anAssistantMessage({ id: 'a', content: [] }) };
const removed: ThreadStreamEvent = { type: 'thread.item.removed', item_id: 'a' };
const progress: ThreadStreamEvent = { type: 'progress_update', text: 'Looking' };

function annotated(itemId: string, contentIndex: number, index: number): ThreadStreamEvent {
  return {
    type: 'thread.item.updated',
    item_id: itemId,
    update: {
      type: 'assistant_message.content_part.annotation_added',
      content_index: contentIndex,
      annotation_index: index,
      annotation: { type: 'annotation', index: 1, source: { type: 'file', title: 'F', filename: `${index}.txt` } },
    },
  };
}

function titled(title: string): ThreadStreamEvent {
  return { type: 'thread.updated', thread: toWireThread(aThread({ title })) };
}

function replaced(id: string): ThreadStreamEvent {
  return { type: 'thread.item.replaced', item: aUserMessage({ id }) };
}

function grown(itemId: string, delta: string): ThreadStreamEvent {
  const place = { component_id: 'body', delta, done: false };
  return updated(itemId, { type: 'widget.streaming_text.value_delta', ...place });
}

function thought(type: 'added' | 'updated', task_index: number, content: string): ThreadStreamEvent {
  const task = { type: 'thought' as const, status_indicator: 'none' as const, content };
  return updated('wf_1', { type: `workflow.task.${type}`, task_index, task });
}

function preview(url: string, share: number): ThreadStreamEvent {
  return updated('msg_image', { type: 'generated_image.updated', image: { id: 'ig_1', url }, progress: share });
}

function rooted(itemId: string, value: string): ThreadStreamEvent {
  const widget = { type: 'Card', children: [{ type: 'Text', id: 'body', value, streaming: true }] };
  return updated(itemId, { type: 'widget.root.updated', widget });
}

function log(events: readonly ThreadStreamEvent[]): string {
  return events.map(encodeEvent).join('');
}

function snapshot(events: readonly ThreadStreamEvent[]): ThreadStreamEvent[] {
  return parseFrames(snapshotFrames(log(events)));
}

const streams: Record<string, ThreadStreamEvent[]> = {
  'two answers, text in two parts': [
    ...answerEvents('a', [
      ['Hel', 'lo'],
      ['wor', 'ld'],
    ]),
    ...answerEvents('b', [['again', '', '!']]),
  ],
  'characters cut in half': answerEvents('a', [
    ['\ud83d', '\ude00 and \ud83d'],
    ['\ude00', ' lone \udead'],
  ]),
  'annotations in both parts': [
    added,
    ...partEvents('a', 0, ['one']),
    annotated('a', 0, 0),
    annotated('a', 0, 1),
    textDelta('a', 1, 'two'),
    annotated('a', 1, 0),
  ],
  'an answer withdrawn, another given': [...answerEvents('a', [['bad']]), removed, ...answerEvents('b', [['good']])],
  'two answers at once': [added, ...answerEvents('b', [['second']]), ...answerEvents('a', [['first']]).slice(1)],
  'a widget of an earlier turn replaced': [replaced('old'), ...answerEvents('a', [['done']])],
  'an open answer replaced': [added, textDelta('a', 0, 'x'), replaced('a')],
  'status lines, a title and an error': [
    progress,
    added,
    titled('One'),
    textDelta('a', 0, 'x'),
    titled('Two'),
    streamError(),
  ],
  'an answer that is there at once': [
    { type: 'thread.item.added', item: anAssistantMessage({ id: 'a' }) },
    textDelta('a', 0, '!'),
  ],
};

describe.each(Object.entries(streams))('%s', (_, events) => {
  it('gives a new reader the same state from any position', () => {
    for (let count = 0; count <= events.length; count += 1) {
      const seen = events.slice(0, count);
      const original = parseFrames(log(seen)).reduce(applyEvent, emptyThread);
      expect(snapshot(seen).reduce(applyEvent, emptyThread)).toEqual(original);
    }
  });

  it('leaves out nothing that the tail builds on', () => {
    for (let count = 0; count <= events.length; count += 1) {
      const tail = events.slice(count);
      const both = [...snapshot(events.slice(0, count)), ...tail].reduce(applyEvent, emptyThread);
      expect(both).toEqual(events.reduce(applyEvent, emptyThread));
    }
  });

  it('is its own snapshot', () => {
    const once = snapshotFrames(log(events));
    expect(snapshotFrames(once)).toBe(once);
  });
});

describe('the frames of a snapshot', () => {
  it('show a finished item by its end alone [EV-4]', () => {
    const events = answerEvents('a', [['Hel', 'lo']]);
    expect(snapshot(events)).toEqual(events.slice(-1));
  });

  it('show an open item as it grew, with one delta for each part [GF-2] [GF-14]', () => {
    const events = [added, ...partEvents('a', 0, ['on', 'e']), ...partEvents('a', 1, ['t', 'wo']).slice(0, -1)];
    const short = [added, ...partEvents('a', 0, ['one']), ...partEvents('a', 1, ['two']).slice(0, -1)];
    expect(snapshot(events)).toEqual(short);
  });

  it('put annotations between the text and the end of a part [GF-14]', () => {
    const [begin, text, end] = partEvents('a', 0, ['one']) as [ThreadStreamEvent, ThreadStreamEvent, ThreadStreamEvent];
    const events = [added, begin, text, annotated('a', 0, 0), end];
    expect(snapshot(events)).toEqual(events);
  });

  it('withdraw what a reader may have loaded before, once [EV-7]', () => {
    expect(snapshot([...answerEvents('a', [['bad']]), removed, removed])).toEqual([removed]);
    expect(snapshot([removed, ...answerEvents('a', [['back']])])).toEqual(answerEvents('a', [['back']]).slice(-1));
  });

  it('replace an item that is older than the run, and finish one that is not [EV-8]', () => {
    expect(snapshot([replaced('old')])).toEqual([replaced('old')]);
    expect(snapshot([...answerEvents('a', [['1']]), replaced('a')])).toEqual([
      { type: 'thread.item.done', item: aUserMessage({ id: 'a' }) },
    ]);
  });

  it('include a status line only while it is shown', () => {
    expect(snapshot([{ ...progress, text: 'Waiting' }, progress])).toEqual([progress]);
    expect(snapshot([progress, added])).toEqual([added]);
    expect(snapshot([progress, titled('One')])).toEqual([progress, titled('One')]);
    expect(snapshot([progress, streamError()])).toEqual([streamError()]);
  });

  it('include the latest title and every error, in order', () => {
    expect(snapshot([titled('One'), streamError(), titled('Two')])).toEqual([streamError(), titled('Two')]);
  });

  it('show an open widget with its tree of now', () => {
    const events: ThreadStreamEvent[] = [{ type: 'thread.item.added', item: aWidget() }, grown('msg_widget', 'Dear ')];
    const widget = { type: 'Card', children: [{ type: 'Text', id: 'body', value: 'Dear ', streaming: true }] };
    expect(snapshot(events)).toEqual([{ type: 'thread.item.added', item: aWidget({ widget }) }]);
  });

  it('show an open workflow with its tasks of now', () => {
    const events: ThreadStreamEvent[] = [
      { type: 'thread.item.added', item: aWorkflow() },
      thought('added', 0, 'Hm'),
      thought('updated', 0, 'Hmm'),
      thought('added', 1, 'Ah'),
    ];
    const tasks = ['Hmm', 'Ah'].map((content) => ({
      type: 'thought' as const,
      status_indicator: 'none' as const,
      content,
    }));
    const workflow = { type: 'reasoning' as const, tasks, expanded: false };
    expect(snapshot(events)).toEqual([{ type: 'thread.item.added', item: aWorkflow({ workflow }) }]);
  });

  it('show an open image with its latest preview alone [IM-1]', () => {
    const begun: ThreadStreamEvent = { type: 'thread.item.added', item: anImage() };
    expect(snapshot([begun])).toEqual([begun]);
    const last = preview('https://img.example/2', 0.5);
    expect(snapshot([begun, preview('https://img.example/1', 0), last])).toEqual([begun, last]);
  });

  it('change a stored widget as it last was [PS-7]', () => {
    expect(snapshot([rooted('old', 'One'), rooted('old', 'Two '), grown('old', 'b'), grown('old', 'ar')])).toEqual([
      rooted('old', 'Two bar'),
    ]);
    expect(snapshot([grown('old', 'b'), grown('old', 'ar')])).toEqual([grown('old', 'bar')]);
    const done: ThreadStreamEvent = { type: 'thread.item.done', item: aWidget() };
    expect(snapshot([done, rooted('msg_widget', 'Hi')])).toEqual([done, rooted('msg_widget', 'Hi')]);
    expect(snapshot([rooted('msg_widget', 'Hi'), done])).toEqual([done]);
  });

  it('continue a workflow of an earlier turn, which is not announced again [WF-5]', () => {
    const events = [
      thought('updated', 0, 'So'),
      thought('added', 1, 'Ah'),
      thought('updated', 1, 'Aha'),
      thought('updated', 0, 'So it'),
    ];
    expect(snapshot(events)).toEqual([thought('updated', 0, 'So it'), thought('added', 1, 'Aha')]);
  });

  it('do not repeat what happens once [PS-8]', () => {
    const effect: ThreadStreamEvent = { type: 'client_effect', name: 'flash', data: {} };
    const notice: ThreadStreamEvent = { type: 'notice', level: 'info', message: 'Saved' };
    expect(snapshotFrames(log([effect, notice]))).toBe('');
  });

  it('are none for an empty log', () => {
    expect(snapshotFrames('')).toBe('');
  });
});
