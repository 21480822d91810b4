import type { Run } from '../types.js';

/** Said beside the colour, so that nobody has to see it. */
export function StateBadge({ run }: { readonly run: Run }) {
  const [words, kind] = lookOf(run);
  return (
    <span className="a-badge" data-kind={kind}>
      {words}
    </span>
  );
}

function lookOf({
  state,
  is_stopping: isStopping,
  is_overdue: isOverdue,
  is_waiting: isWaiting,
}: Run): [string, string] {
  switch (state) {
    case 'queued':
      return [isWaiting ? 'waiting' : 'queued', 'quiet'];
    case 'working':
      if (isOverdue) return ['stuck', 'bad'];
      return isStopping ? ['stopping', 'warn'] : ['working', 'live'];
    case 'completed':
      return ['completed', 'good'];
    case 'failed':
      return ['failed', 'bad'];
    case 'cancelled':
      return ['stopped', 'warn'];
    default:
      return [state satisfies never, 'quiet'];
  }
}
