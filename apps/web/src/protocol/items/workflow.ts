import { type Fields, fields, indexOf, listOf, oneOf, optionalNumber, optionalText } from '../read-fields.js';
import type { ItemFields } from './item-fields.js';
import { readTask, type Task } from './task.js';

/** How a workflow ended: a text, or how long it took in whole seconds. */
export type WorkflowSummary =
  { readonly title: string; readonly icon?: string | undefined } | { readonly duration: number };

/** Steps that are shown as they happen; those of `reasoning` are the model's thoughts [IT-10]. */
export interface Workflow extends ItemFields {
  readonly type: 'workflow';
  readonly workflow: {
    readonly type: 'custom' | 'reasoning';
    readonly tasks: readonly Task[];
    readonly summary?: WorkflowSummary | undefined;
    readonly expanded: boolean;
  };
}

/** A task is added, or changes: [UP-7] and [UP-8]. */
export interface WorkflowUpdate {
  readonly type: 'task';
  readonly index: number;
  readonly task: Task;
}

export function readWorkflow(own: ItemFields, item: Fields): Workflow | undefined {
  const workflow = fields(item['workflow']);
  if (!workflow) return undefined;
  return {
    ...own,
    type: 'workflow',
    workflow: {
      type: oneOf(workflow['type'], ['custom', 'reasoning']),
      tasks: listOf(workflow['tasks']).map(readTask),
      summary: readSummary(fields(workflow['summary'])),
      expanded: workflow['expanded'] === true,
    },
  };
}

function readSummary(summary: Fields | undefined): WorkflowSummary | undefined {
  const title = optionalText(summary?.['title']);
  if (title !== undefined) return { title, icon: optionalText(summary?.['icon']) };
  const duration = optionalNumber(summary?.['duration']);
  return duration === undefined ? undefined : { duration };
}

export function readWorkflowUpdate(update: Fields): WorkflowUpdate | undefined {
  const task = fields(update['task']);
  const isTask = update['type'] === 'workflow.task.added' || update['type'] === 'workflow.task.updated';
  return isTask && task ? { type: 'task', index: indexOf(update['task_index']), task: readTask(task) } : undefined;
}

/** A task goes to its place, new or not; one beyond the end is appended. */
export function growWorkflow(item: Workflow, { index, task }: WorkflowUpdate): Workflow {
  return { ...item, workflow: { ...item.workflow, tasks: item.workflow.tasks.toSpliced(index, 1, task) } };
}
