import type { ClientToolCallItem } from '../protocol/client-tool-call.js';
import type { GeneratedImageItem } from '../protocol/generated-image.js';
import type { StructuredInputItem } from '../protocol/structured-input.js';
import type { WidgetItem } from '../protocol/widget.js';
import type { WorkflowItem } from '../protocol/workflow.js';

const columns = { thread_id: 'thr_1', created_at: '2026-01-31T09:30:00.123Z' };

/** A call of a tool of the page, not answered yet. */
export function aClientToolCall(fields: Partial<ClientToolCallItem> = {}): ClientToolCallItem {
  return {
    type: 'client_tool_call',
    id: 'tc_1',
    ...columns,
    status: 'pending',
    call_id: 'call_9',
    name: 'get_selection',
    arguments: { layer: null },
    ...fields,
  };
}

/** A card with one growing text, `body`. */
export function aWidget(fields: Partial<WidgetItem> = {}): WidgetItem {
  const widget = { type: 'Card', children: [{ type: 'Text', id: 'body', value: '', streaming: true }] };
  return { type: 'widget', id: 'msg_widget', ...columns, widget, ...fields };
}

/** A picture that is being made. */
export function anImage(fields: Partial<GeneratedImageItem> = {}): GeneratedImageItem {
  return { type: 'generated_image', id: 'msg_image', ...columns, ...fields };
}

/** A form with one question of each kind, not answered yet. */
export function aForm(fields: Partial<StructuredInputItem> = {}): StructuredInputItem {
  const options = [{ value: 'low' }, { value: 'high' }];
  return {
    type: 'structured_input',
    id: 'msg_form',
    ...columns,
    status: 'pending',
    inputs: [
      { type: 'multiple_choice', id: 'prio', question: 'Priority?', options, multiple: false },
      { type: 'freeform', id: 'why', question: 'Why?', description: 'optional' },
    ],
    ...fields,
  };
}

/** A reasoning workflow that has just started. */
export function aWorkflow(fields: Partial<WorkflowItem> = {}): WorkflowItem {
  const workflow = { type: 'reasoning' as const, tasks: [], expanded: false };
  return { type: 'workflow', id: 'wf_1', ...columns, workflow, ...fields };
}
