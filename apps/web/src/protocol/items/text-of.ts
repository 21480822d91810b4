import type { Item } from './index.js';
import type { Source } from './source.js';
import type { Task } from './task.js';

/** What a person reads of an item, as Markdown: for copies, titles, exports, and where the item cannot be drawn. */
export function textOf(item: Item): string {
  switch (item.type) {
    case 'user_message':
      return item.content.map((part) => part.text).join('');
    case 'assistant_message':
      return item.content.map((part) => part.text).join('\n\n');
    case 'widget':
      return item.copy_text ?? '';
    case 'workflow':
      return item.workflow.tasks.map(textOfTask).join('\n\n');
    case 'task':
      return textOfTask(item.task);
    case 'structured_input':
      return item.inputs.map(({ question, answer }) => [question, ...(answer?.values ?? [])].join('\n- ')).join('\n\n');
    case 'client_tool_call':
      return item.name;
    case 'generated_image':
      // A picture in the address itself is no text.
      return item.image && !item.image.url.startsWith('data:') ? item.image.url : '';
    case 'end_of_turn':
    case 'other':
      return '';
  }
}

function textOfTask(task: Task): string {
  switch (task.type) {
    case 'thought':
    case 'custom':
      return [task.title, task.content].filter(Boolean).join('\n\n');
    case 'web_search':
    case 'file':
      return [task.title, ...task.sources.map(textOfSource)].filter(Boolean).join('\n- ');
    case 'image':
      return task.title ?? '';
  }
}

export function textOfSource(source: Source): string {
  switch (source.type) {
    case 'url':
      return `${source.title} ${source.url}`.trim();
    case 'file':
      return source.title || source.filename;
    case 'entity':
      return source.label ?? source.title;
  }
}
