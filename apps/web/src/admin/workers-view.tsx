import { count, duration, megabytes } from './format.js';
import { Link } from './link.js';
import { Shown } from './notes.js';
import { Table } from './table.js';
import type { Listed, Worker } from './types.js';
import { useLoaded } from './use-loaded.js';

const REFRESH_MS = 5_000;
/** Three reports were missed. */
const SILENT_MS = 16_000;

export function WorkersView() {
  const loaded = useLoaded<Listed<Worker>>('workers', REFRESH_MS);
  return (
    <>
      <h1>Workers</h1>
      <Shown loaded={loaded}>{({ data }) => <Workers list={data} />}</Shown>
    </>
  );
}

const COLUMNS = ['Worker', 'State', 'Runs', 'CPU', 'Memory', 'Event loop delay', 'Uptime'];

function Workers({ list }: { readonly list: readonly Worker[] }) {
  if (list.length === 0) {
    return (
      <p className="a-problem" role="alert">
        No worker is running, so no message is answered. Start one with <code>npm run start:worker</code>.
      </p>
    );
  }
  return (
    <Table label="Workers" columns={COLUMNS}>
      {list.map((worker) => (
        <Row key={worker.id} worker={worker} />
      ))}
    </Table>
  );
}

function Row({ worker: { id, working, overdue, load } }: { readonly worker: Worker }) {
  const state = stateOf(overdue, load);
  return (
    <tr>
      <th scope="row">
        <Link to={`/admin/runs?worker=${encodeURIComponent(id)}`} className="a-id">
          {id || 'unknown'}
        </Link>
        {load && (
          <small>
            {load.host}, process {load.pid}, Node {load.node}
          </small>
        )}
      </th>
      <td>
        <span className="a-badge" data-kind={state === 'working' ? 'good' : 'warn'}>
          {state}
        </span>
      </td>
      <td>
        {count(working)}
        {load && (
          <>
            {' '}
            of {count(load.concurrency)}
            <meter
              min={0}
              max={load.concurrency}
              value={working}
              aria-label={`${working} of ${load.concurrency} runs`}
            />
          </>
        )}
      </td>
      <td>{load ? `${Math.round(load.cpu * 100)} %` : '–'}</td>
      <td>{load ? megabytes(load.memory_bytes) : '–'}</td>
      <td>{load ? duration(load.loop_delay_ms) : '–'}</td>
      <td>{load ? duration(Date.now() - Date.parse(load.started_at)) : '–'}</td>
    </tr>
  );
}

function stateOf(overdue: number, load: Worker['load']): string {
  if (!load) return overdue > 0 ? 'gone' : 'unknown';
  if ((load.age_ms ?? 0) > SILENT_MS) return 'silent';
  return load.is_stopping ? 'stopping' : 'working';
}
