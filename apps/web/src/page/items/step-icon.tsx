import { CheckIcon, FileIcon, GlobeIcon, PictureIcon, SparkIcon, ThoughtIcon } from '../icons.js';
import type { Task } from '../../protocol/items/task.js';
import { WidgetIcon } from '../widgets/icons/icon.js';

const ICONS = {
  custom: SparkIcon,
  web_search: GlobeIcon,
  thought: ThoughtIcon,
  file: FileIcon,
  image: PictureIcon,
} as const satisfies { readonly [Type in Task['type']]: unknown };

interface StepIconProps {
  readonly task: Task;
  readonly isRunning: boolean;
}

/** That a step runs, or is done; else its own icon, or that of its kind. */
export function StepIcon({ task, isRunning }: StepIconProps) {
  if (task.status_indicator === 'loading' && isRunning) return <span className="spinner" aria-hidden="true" />;
  if (task.status_indicator === 'complete') return <CheckIcon />;
  if (task.type === 'custom' && task.icon !== undefined) return <WidgetIcon name={task.icon} />;
  const Kind = ICONS[task.type];
  return <Kind />;
}
