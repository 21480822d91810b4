import { count, duration } from '../format.js';
import { Link } from '../link.js';
import type { Overview } from '../types.js';
import { useLoaded } from '../use-loaded.js';

const REFRESH_MS = 5_000;

/** What is going on now, in one line. */
export function OverviewLine() {
  const { data } = useLoaded<Overview>('overview', REFRESH_MS);
  if (!data) return <p className="a-figures" aria-hidden="true" />;
  const failed = data.failed.reduce((sum, one) => sum + one.count, 0);
  return (
    <ul className="a-figures" aria-label="Now">
      <li>
        <Link to="/admin/runs?state=working">
          <strong>{count(data.working)}</strong> working
        </Link>
      </li>
      <li>
        <Link to="/admin/runs?state=queued">
          <strong>{count(data.queued)}</strong> queued
        </Link>
        {data.oldest_wait_ms > 0 && <small>oldest for {duration(data.oldest_wait_ms)}</small>}
        {data.waiting > 0 && <small>{count(data.waiting)} waiting for their conversation or a limit</small>}
      </li>
      <li data-kind={failed > 0 ? 'bad' : undefined}>
        <Link to="/admin/runs?state=failed">
          <strong>{count(failed)}</strong> failed in the last hour
        </Link>
        {data.failed.slice(0, 3).map((one) => (
          <small key={one.code}>
            {one.code} × {count(one.count)}
          </small>
        ))}
      </li>
      {data.overdue > 0 && (
        <li data-kind="bad">
          <strong>{count(data.overdue)}</strong> stuck
        </li>
      )}
    </ul>
  );
}
