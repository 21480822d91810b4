import { z } from 'zod';
import { itemFields } from './item-fields.js';
import { orAbsent } from './json.js';
import { Task } from './task.js';

/** The summary of a finished workflow: a text, or its duration in whole seconds. */
export const WorkflowSummary = z.union([
  z.object({ title: z.string(), icon: orAbsent(z.string()) }),
  z.object({ duration: z.int().min(0) }),
]);
export type WorkflowSummary = z.output<typeof WorkflowSummary>;

/** Steps that are shown as they happen; `reasoning` ones are the model's thoughts. */
export const Workflow = z.object({
  type: z.enum(['custom', 'reasoning']),
  tasks: z.array(Task).default(() => []),
  summary: orAbsent(WorkflowSummary),
  expanded: z.boolean().default(false),
});
export type Workflow = z.output<typeof Workflow>;
/** A workflow as code writes it, defaults left out. */
export type WorkflowInput = z.input<typeof Workflow>;

/** A workflow in a thread [IT-10]. */
export const WorkflowItem = z.object({ type: z.literal('workflow'), ...itemFields, workflow: Workflow });
export type WorkflowItem = z.output<typeof WorkflowItem>;

/** A task outside of a workflow [IT-11]. */
export const TaskItem = z.object({ type: z.literal('task'), ...itemFields, task: Task });
export type TaskItem = z.output<typeof TaskItem>;

const task_index = z.int().min(0);

/** How a workflow grows: [UP-7] [UP-8]. */
export const WorkflowUpdate = z.discriminatedUnion('type', [
  z.object({ type: z.literal('workflow.task.added'), task_index, task: Task }),
  z.object({ type: z.literal('workflow.task.updated'), task_index, task: Task }),
]);
export type WorkflowUpdate = z.output<typeof WorkflowUpdate>;
