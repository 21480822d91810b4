import fc from 'fast-check';
import {
  type ItemUpdate,
  type Task,
  type ThreadItem,
  type ThreadStreamEvent,
  toWireThread,
  type WidgetNode,
} from '#chatkit';
import { aForm, anAssistantMessage, anImage, aThread, aUserMessage, aWidget, aWorkflow } from '#chatkit/testing';

type AssistantContentPart = ReturnType<typeof anAssistantMessage>['content'][number];

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

/** Up to 24 events about up to three items, in any order. */
export const anyStream = fc.array(event, { maxLength: 24 });
