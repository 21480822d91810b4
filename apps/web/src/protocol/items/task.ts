import { type Fields, fields, oneOf, optionalText, text, textsOf } from '../read-fields.js';
import type { ItemFields } from './item-fields.js';
import { readSources, type Source } from './source.js';

interface TaskFields {
  readonly status_indicator: 'none' | 'loading' | 'complete';
  readonly title?: string | undefined;
}

/** One step (docs/protocol/data-model.md, "Tasks and workflows"). */
export type Task =
  | (TaskFields & {
      readonly type: 'custom';
      readonly icon?: string | undefined;
      readonly content?: string | undefined;
    })
  | (TaskFields & {
      readonly type: 'web_search';
      readonly title_query?: string | undefined;
      readonly queries: readonly string[];
      readonly sources: readonly Source[];
    })
  | (TaskFields & { readonly type: 'thought'; readonly content: string })
  | (TaskFields & { readonly type: 'file'; readonly sources: readonly Source[] })
  | (TaskFields & { readonly type: 'image' });

/** A task outside of a workflow [IT-11]. */
export interface TaskItem extends ItemFields {
  readonly type: 'task';
  readonly task: Task;
}

export function readTaskItem(own: ItemFields, item: Fields): TaskItem | undefined {
  const task = fields(item['task']);
  return task && { ...own, type: 'task', task: readTask(task) };
}

/** A task of a newer type is shown as a custom one, by its title. */
export function readTask(task: Fields): Task {
  const shared = {
    status_indicator: oneOf(task['status_indicator'], ['none', 'loading', 'complete']),
    title: optionalText(task['title']),
  };
  switch (task['type']) {
    case 'web_search':
      return {
        ...shared,
        type: 'web_search',
        title_query: optionalText(task['title_query']),
        queries: textsOf(task['queries']),
        sources: readSources(task['sources']),
      };
    case 'thought':
      return { ...shared, type: 'thought', content: text(task['content']) };
    case 'file':
      return { ...shared, type: 'file', sources: readSources(task['sources']) };
    case 'image':
      return { ...shared, type: 'image' };
    default:
      return {
        ...shared,
        type: 'custom',
        icon: optionalText(task['icon']),
        content: optionalText(task['content']),
      };
  }
}
