import type { ItemProps } from './item-props.js';
import { TaskStep } from './task-step.js';

/** A step outside of a workflow. */
export function TaskView({ item, progress }: ItemProps<'task'>) {
  return (
    <div className="steps lone">
      <TaskStep task={item.task} scope={item.id} isRunning={progress === 'open'} />
    </div>
  );
}
