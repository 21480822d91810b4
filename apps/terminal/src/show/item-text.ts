import type { Source } from '../../../web/src/protocol/items/source.js';
import type { Task } from '../../../web/src/protocol/items/task.js';
import { textOf } from '../../../web/src/protocol/items/text-of.js';
import type { Item } from '../../../web/src/protocol/types.js';
import { oneLine, plain } from '../plain.js';
import { widgetText } from './widget-text.js';

/** A finished item in words, apart from messages, which are drawn. */
export function itemText(item: Exclude<Item, { type: 'user_message' | 'assistant_message' }>): string {
  switch (item.type) {
    case 'widget': {
      const { lines, choices, fields } = widgetText(item.widget);
      const values = fields.length > 0 ? ' name=value …' : '';
      return plain([...lines, ...(choices.length > 0 ? [`(/act NUMBER${values})`] : [])].join('\n'));
    }
    case 'workflow':
      return item.workflow.tasks.map(taskText).join('\n');
    case 'task':
      return taskText(item.task);
    case 'structured_input':
      return plain(textOf(item));
    case 'client_tool_call':
      return oneLine(`calls ${item.name}(${JSON.stringify(item.arguments)})`);
    case 'generated_image':
      return textOf(item) === '' ? '[image]' : `[image: ${oneLine(textOf(item))}]`;
    case 'other':
      return `[${oneLine(item.kind) || 'something'} that this program cannot show]`;
    case 'end_of_turn':
      return '';
  }
}

function taskText(task: Task): string {
  const title = oneLine(task.title ?? (task.type === 'thought' ? '' : task.type));
  const content = 'content' in task && task.content ? plain(task.content) : '';
  const sources = 'sources' in task ? task.sources.map((source) => `  ${sourceText(source)}`) : [];
  return [title, content, ...sources].filter(Boolean).join('\n');
}

export const sourceText = (source: Source): string =>
  oneLine(source.type === 'url' ? `${source.title} ${source.url}` : source.title);
