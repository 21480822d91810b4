import { describe, expect, it } from 'vitest';
import { aClientToolCall, aForm, anAssistantMessage, anImage, aWidget, aWorkflow } from '../testing/index.js';
import { ThreadItem } from './item.js';
import { Source } from './source.js';
import { Task, type TaskInput } from './task.js';

/** What goes over the wire, so that an undefined field counts as absent. */
function wire(item: unknown): unknown {
  return JSON.parse(JSON.stringify(ThreadItem.parse(item)));
}

function refuses(item: unknown): boolean {
  return !ThreadItem.safeParse(item).success;
}

describe('a client tool call', () => {
  it('is pending unless it says otherwise [SER-3]', () => {
    expect(wire({ ...aClientToolCall(), status: undefined })).toEqual(aClientToolCall());
  });

  it('keeps nulls inside its arguments and output, and has no null output [SER-2] [TC-5]', () => {
    const completed = aClientToolCall({ status: 'completed', output: [null, { found: null }] });
    expect(wire(completed)).toEqual(completed);
    expect(wire({ ...completed, output: null })).toEqual(aClientToolCall({ status: 'completed' }));
    for (const output of [false, 0, '']) expect(wire({ ...completed, output })).toEqual({ ...completed, output });
  });

  it.each([{ arguments: null }, { arguments: [] }, { call_id: undefined }, { status: 'running' }])(
    'is refused with %j',
    (fields) => {
      expect(refuses({ ...aClientToolCall(), ...fields })).toBe(true);
    },
  );
});

describe('a widget', () => {
  it('loses nulls at every depth, those of lists and payloads, too [SER-4] [WG-3]', () => {
    const action = { type: 'go', payload: { to: null, via: [1, null, { x: null }] } };
    const widget = { type: 'Card', background: null, children: [null, { type: 'Button', onClickAction: action }] };
    expect(wire({ ...aWidget(), widget, copy_text: null })).toEqual(
      aWidget({
        widget: {
          type: 'Card',
          children: [{ type: 'Button', onClickAction: { type: 'go', payload: { via: [1, {}] } } }],
        },
      }),
    );
  });

  it('keeps what this version does not know, and action configs as they are [WG-5] [WG-6]', () => {
    const hologram = { type: 'Hologram', depth: 3, onClickAction: { type: 'spin', speed: 2 } };
    const item = aWidget({ widget: { type: 'Card', border: { size: 1 }, children: [hologram] } });
    expect(wire(item)).toEqual(item);
  });

  it('has no empty place in a list where its author left one undefined', () => {
    expect(wire(aWidget({ widget: { type: 'Card', children: [undefined, { type: 'Divider' }] } }))).toEqual(
      aWidget({ widget: { type: 'Card', children: [{ type: 'Divider' }] } }),
    );
  });

  it.each([null, [], {}, { type: 7 }])('is refused when its root is %j', (widget) => {
    expect(refuses({ ...aWidget(), widget })).toBe(true);
  });
});

describe('a generated image', () => {
  it('has no image while it is being made [IM-1] [SER-1]', () => {
    expect(wire({ ...anImage(), image: null })).toEqual(anImage());
    expect(refuses({ ...anImage(), image: { id: 'ig_1' } })).toBe(true);
  });
});

describe('a form', () => {
  it('writes its defaults [SER-3]', () => {
    const choice = { type: 'multiple_choice', id: 'prio', question: 'Priority?', options: [{ value: 'low' }] };
    const free = { type: 'freeform', id: 'why', question: 'Why?', description: null, answer: {} };
    expect(wire({ ...aForm(), status: undefined, inputs: [{ ...choice, answer: null }, free] })).toEqual({
      ...aForm(),
      inputs: [
        { ...choice, multiple: false },
        { type: 'freeform', id: 'why', question: 'Why?', answer: { values: [], skipped: false } },
      ],
    });
  });

  it.each([
    { type: 'slider', id: 'a', question: '?' },
    { type: 'multiple_choice', id: 'a', question: '?' },
  ])('is refused with the question %j', (question) => {
    expect(refuses({ ...aForm(), inputs: [question] })).toBe(true);
  });
});

describe('a workflow', () => {
  it('writes its defaults [SER-3]', () => {
    const workflow = { type: 'reasoning', summary: null };
    expect(wire({ ...aWorkflow(), workflow })).toEqual(aWorkflow());
  });

  it.each([{ title: 'Done' }, { title: 'Done', icon: 'check' }, { duration: 0 }, { duration: 12 }])(
    'may end in the summary %j',
    (summary) => {
      const item = aWorkflow({ workflow: { type: 'custom', tasks: [], expanded: true, summary } });
      expect(wire(item)).toEqual(item);
    },
  );

  it.each([{}, { duration: 1.5 }, { duration: -1 }])('is refused with the summary %j', (summary) => {
    expect(refuses({ ...aWorkflow(), workflow: { type: 'custom', summary } })).toBe(true);
  });
});

describe('a task', () => {
  it.each<[TaskInput, object]>([
    [{ type: 'custom', title: null }, {}],
    [{ type: 'web_search' }, { queries: [], sources: [] }],
    [{ type: 'thought', content: 'Hm' }, {}],
    [{ type: 'file' }, { sources: [] }],
    [{ type: 'image', status_indicator: 'loading' }, {}],
  ])('%j writes its defaults [SER-3]', (task, defaults) => {
    const { title: _title, ...given } = task;
    const item = { ...aWorkflow(), type: 'task', task };
    expect(wire(item)).toMatchObject({ type: 'task' });
    expect(JSON.parse(JSON.stringify(Task.parse(task)))).toEqual({ status_indicator: 'none', ...given, ...defaults });
  });

  it('takes sources of its own kind only', () => {
    const file = { type: 'file', title: 'F', filename: 'f.txt' };
    expect(Task.safeParse({ type: 'file', sources: [file] }).success).toBe(true);
    expect(Task.safeParse({ type: 'web_search', sources: [file] }).success).toBe(false);
    expect(Task.safeParse({ type: 'thought' }).success).toBe(false);
  });
});

describe('a source', () => {
  it('writes the defaults of an entity, keeps its free-form data and drops its preview [SER-2] [SER-3] [AN-1]', () => {
    const entity = { type: 'entity', title: 'Invoice 77', id: 'inv_77' };
    expect(JSON.parse(JSON.stringify(Source.parse({ ...entity, icon: null, preview: { type: 'Basic' } })))).toEqual({
      ...entity,
      interactive: false,
      data: {},
    });
    expect(Source.parse({ ...entity, data: { paid_at: null } })).toMatchObject({ data: { paid_at: null } });
  });

  it.each([
    { type: 'url', title: 'A' },
    { type: 'file', filename: 'f' },
    { type: 'book', title: 'B' },
  ])('is refused when it is %j', (source) => {
    const part = { type: 'output_text', text: '', annotations: [{ type: 'annotation', source }] };
    expect(Source.safeParse(source).success).toBe(false);
    expect(refuses({ ...anAssistantMessage(), content: [part] })).toBe(true);
  });
});
