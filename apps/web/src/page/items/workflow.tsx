import { useId, useState } from 'react';
import { texts } from '../../i18n/texts.js';
import type { Workflow } from '../../protocol/items/workflow.js';
import { ChevronIcon, SparkIcon, ThoughtIcon } from '../icons.js';
import { WidgetIcon } from '../widgets/icons/icon.js';
import type { ItemProps } from './item-props.js';
import { TaskStep } from './task-step.js';

/** Steps, open while they run and folded after, until a person opens or closes them. */
export function WorkflowView({ item, progress }: ItemProps<'workflow'>) {
  const { workflow } = item;
  const isRunning = progress === 'open';
  const [chosen, setChosen] = useState<boolean>();
  const isOpen = chosen ?? (isRunning || workflow.expanded);
  const panel = useId();
  return (
    <section className="workflow" data-running={isRunning || undefined} data-progress={progress}>
      <button
        type="button"
        className="workflow-head"
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => setChosen(!isOpen)}
      >
        <HeadIcon workflow={workflow} />
        <span className="workflow-title" dir="auto">
          {headOf(workflow, isRunning)}
        </span>
        {progress === 'lost' && <span className="remark">{texts.items.notKept}</span>}
        <ChevronIcon />
      </button>
      <div className="steps" id={panel} hidden={!isOpen}>
        {isOpen &&
          workflow.tasks.map((task, index) => (
            // A step keeps its place.
            // oxlint-disable-next-line react/no-array-index-key
            <TaskStep key={index} task={task} scope={`${item.id}-${index}`} isRunning={isRunning} />
          ))}
      </div>
    </section>
  );
}

/** That of its summary, or of its kind. */
function HeadIcon({ workflow: { type, summary } }: { readonly workflow: Workflow['workflow'] }) {
  if (summary && 'title' in summary && summary.icon !== undefined) return <WidgetIcon name={summary.icon} />;
  return type === 'reasoning' ? <ThoughtIcon /> : <SparkIcon />;
}

/** What runs now; afterwards what it was, and how long it took. */
function headOf({ type, tasks, summary }: Workflow['workflow'], isRunning: boolean): string {
  if (summary && 'title' in summary) return summary.title;
  const isThinking = type === 'reasoning';
  if (isRunning)
    return (isThinking ? undefined : tasks.at(-1)?.title) ?? texts.items[isThinking ? 'thinking' : 'working'];
  // Less than a second was not nothing.
  if (summary) return texts.items[isThinking ? 'thoughtFor' : 'workedFor'](Math.max(1, summary.duration));
  return isThinking ? texts.items.thoughts : texts.items.steps(tasks.length);
}
