import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssistantContentPart } from '../protocol/assistant-message.js';
import type { ThreadStreamEvent } from '../protocol/event.js';
import type { ItemUpdate } from '../protocol/item-update.js';
import type { ThreadItem } from '../protocol/item.js';
import type { Task } from '../protocol/task.js';
import type { WidgetNode } from '../protocol/widget.js';
import {
  aForm,
  anAssistantMessage,
  anImage,
  answerEvents,
  aThread,
  aUserMessage,
  aWidget,
  aWorkflow,
  updated,
} from '../testing/index.js';
import { encodeEvent } from '../wire/encode-sse.js';
import { toWireThread } from '../wire/wire-thread.js';
import { applyEvent } from './apply-event.js';
import { parseFrames } from './parse-frames.js';
import { snapshotFrames } from './snapshot.js';
import { emptyThread } from './thread-state.js';

// Few names, so that most updates meet their item.
const id = fc.constantFrom('a', 'b', 'c');
const nodeId = fc.constantFrom('x', 'y');
const index = fc.nat({ max: 2 });
const text = fc.string({ maxLength: 4, unit: 'binary' });

const part = fc.record<AssistantContentPart>({
  type: fc.constant('output_text'),
  text,
  annotations: fc.constant([]),
});
const source = fc.record({ type: fc.constant('file' as const), title: text, filename: text });
const annotation = fc.record({ type: fc.constant('annotation' as const), source });
const image = fc.record({ id: fc.constant('ig_1'), url: fc.webUrl() });
const task: fc.Arbitrary<Task> = fc.record({
  type: fc.constant('custom' as const),
  status_indicator: fc.constantFrom('none' as const, 'loading' as const),
  title: text,
});
const leaf: fc.Arbitrary<WidgetNode> = fc.oneof(
  fc.record({ type: fc.constantFrom('Text', 'Markdown'), id: nodeId, value: text, streaming: fc.boolean() }),
  fc.record({ type: fc.constant('Hologram'), id: nodeId }),
);
const widget: fc.Arbitrary<WidgetNode> = fc.record({
  type: fc.constant('Card'),
  children: fc.array(
    fc.oneof(
      leaf,
      fc.record({ type: fc.constant('Row'), children: fc.array(leaf, { maxLength: 2 }) }),
      fc.record({ type: fc.constant('Transition'), children: leaf }),
    ),
    { maxLength: 3 },
  ),
});

const item: fc.Arbitrary<ThreadItem> = fc.oneof(
  fc.record({ id, content: fc.array(part, { maxLength: 2 }) }).map(anAssistantMessage),
  fc.record({ id, widget }).map(aWidget),
  fc.record({ id }).map(anImage),
  fc.record({ id, image }).map(anImage),
  fc.record({ id }).map(aForm),
  fc.record({ id }).map(aUserMessage),
  fc
    .record({ id, tasks: fc.array(task, { maxLength: 2 }) })
    .map(({ id: of, tasks }) => aWorkflow({ id: of, workflow: { type: 'custom', tasks, expanded: false } })),
);

const message = <Type extends string>(type: Type) => fc.constant(`assistant_message.content_part.${type}` as const);
const update: fc.Arbitrary<ItemUpdate> = fc.oneof(
  fc.record({ type: message('added'), content_index: index, content: part }),
  fc.record({ type: message('text_delta'), content_index: index, delta: text }),
  fc.record({ type: message('done'), content_index: index, content: part }),
  fc.record({ type: message('annotation_added'), content_index: index, annotation_index: index, annotation }),
  fc.record({ type: fc.constant('widget.root.updated' as const), widget }),
  fc.record({ type: fc.constant('widget.component.updated' as const), component_id: nodeId, component: leaf }),
  fc.record({
    type: fc.constant('widget.streaming_text.value_delta' as const),
    component_id: nodeId,
    delta: text,
    done: fc.boolean(),
  }),
  fc.record({ type: fc.constant('workflow.task.added' as const), task_index: index, task }),
  fc.record({ type: fc.constant('workflow.task.updated' as const), task_index: index, task }),
  fc.record({ type: fc.constant('generated_image.updated' as const), image, progress: fc.constantFrom(0, 0.5) }),
);

const remark: fc.Arbitrary<ThreadStreamEvent> = fc.constantFrom<ThreadStreamEvent[]>(
  { type: 'progress_update', text: 'Looking' },
  { type: 'client_effect', name: 'flash', data: {} },
  { type: 'notice', level: 'info', message: 'Saved' },
  { type: 'thread.updated', thread: toWireThread(aThread({ title: 'Two' })) },
);

const event: fc.Arbitrary<ThreadStreamEvent> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constant('thread.item.added' as const), item }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('thread.item.updated' as const), item_id: id, update }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('thread.item.done' as const), item }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('thread.item.replaced' as const), item }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('thread.item.removed' as const), item_id: id }) },
  { weight: 1, arbitrary: remark },
);

const stream = fc.array(event, { maxLength: 24 });

function fold(events: readonly ThreadStreamEvent[]) {
  return events.reduce(applyEvent, emptyThread);
}

function frames(events: readonly ThreadStreamEvent[]): string {
  return events.map(encodeEvent).join('');
}

function split(whole: string, at: readonly number[]): string[] {
  const borders = at.map((share) => Math.floor(share * whole.length)).toSorted((one, other) => one - other);
  return [...borders, whole.length].map((border, place) => whole.slice(borders[place - 1] ?? 0, border));
}

function grow(deltas: readonly string[]): ThreadStreamEvent[] {
  return deltas.map((delta) => {
    const place = { component_id: 'body', delta, done: false };
    return updated('msg_widget', { type: 'widget.streaming_text.value_delta', ...place });
  });
}

describe('any stream of any items', () => {
  it('is the same as a snapshot and the rest of the log, from any position', () => {
    fc.assert(
      fc.property(stream, fc.nat({ max: 24 }), (events, at) => {
        // Through the wire on both sides: JSON.stringify replaces lone surrogates.
        const all = parseFrames(frames(events));
        const seen = parseFrames(snapshotFrames(frames(events.slice(0, at))));
        expect(fold([...seen, ...all.slice(at)])).toEqual(fold(all));
      }),
      { numRuns: 500 },
    );
  });

  it('has a snapshot that is its own snapshot', () => {
    fc.assert(
      fc.property(stream, (events) => {
        const once = snapshotFrames(frames(events));
        expect(snapshotFrames(once)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the text of an answer', () => {
  // Borders of pieces, as shares of the text: any split, and any merge of another.
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

  it('is the same however it was cut into deltas [UP-2]', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }), cuts, cuts, (texts, one, other) => {
        const cut = (at: readonly number[]) =>
          answerEvents(
            'a',
            texts.map((whole) => split(whole, at)),
          );
        expect(fold(cut(one))).toEqual(fold(cut(other)));
        expect(fold(cut(one).slice(0, -1))).toEqual(fold(cut(other).slice(0, -1)));
      }),
    );
  });

  it('is the same however the text of a widget was cut into deltas [UP-9]', () => {
    fc.assert(
      fc.property(fc.string(), cuts, cuts, fc.boolean(), (whole, one, other, isStored) => {
        const before: ThreadStreamEvent[] = isStored ? [] : [{ type: 'thread.item.added', item: aWidget() }];
        const cut = (at: readonly number[]) => fold([...before, ...grow(split(whole, at))]);
        expect(cut(one)).toEqual(cut(other));
      }),
    );
  });
});
