import { texts } from '../../i18n/texts.js';
import type { Task } from '../../protocol/items/task.js';
import { Markdown } from '../markdown/markdown.js';
import { SourceList } from './sources.js';
import { StepIcon } from './step-icon.js';

interface TaskStepProps {
  readonly task: Task;
  readonly scope: string;
  readonly isRunning: boolean;
}

/** One step of a workflow. */
export function TaskStep({ task, scope, isRunning }: TaskStepProps) {
  const title = titleOf(task);
  return (
    <div className="step" data-kind={task.type} data-status={task.status_indicator}>
      <span className="step-mark">
        <StepIcon task={task} isRunning={isRunning} />
      </span>
      <div className="step-body">
        {title && (
          <p className="step-title" dir="auto">
            {title}
          </p>
        )}
        <Content task={task} scope={scope} />
      </div>
    </div>
  );
}

/** A thought without a title begins with its text. */
function titleOf(task: Task): string | undefined {
  switch (task.type) {
    case 'custom':
    case 'thought':
      return task.title;
    case 'web_search':
      return task.title ?? task.title_query ?? texts.items.searching;
    case 'file':
      return task.title ?? texts.items.readingFiles;
    case 'image':
      return task.title ?? texts.items.makingImage;
  }
}

function Content({ task, scope }: Pick<TaskStepProps, 'task' | 'scope'>) {
  switch (task.type) {
    case 'custom':
    case 'thought':
      return task.content ? <Markdown text={task.content} scope={scope} /> : null;
    case 'web_search':
      return (
        <>
          <Queries queries={task.queries} />
          <SourceList sources={task.sources} />
        </>
      );
    case 'file':
      return <SourceList sources={task.sources} />;
    case 'image':
      return null;
  }
}

function Queries({ queries }: { readonly queries: readonly string[] }) {
  if (queries.length === 0) return null;
  return (
    <ul className="queries" aria-label={texts.items.queries}>
      {[...new Set(queries)].map((query) => (
        <li key={query} dir="auto">
          {query}
        </li>
      ))}
    </ul>
  );
}
