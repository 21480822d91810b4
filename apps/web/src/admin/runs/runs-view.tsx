import { useState } from 'react';
import { ask } from '../api.js';
import { count, cost, duration, time } from '../format.js';
import { Link } from '../link.js';
import { Problem, Shown } from '../notes.js';
import { runAddress } from '../route.js';
import { Table } from '../table.js';
import type { Run, RunPage } from '../types.js';
import { useAttempt } from '../use-attempt.js';
import { useLoaded } from '../use-loaded.js';
import { OverviewLine } from './overview-line.js';
import { RunFilter } from './run-filter.js';
import { StateBadge } from './state-badge.js';

const REFRESH_MS = 3_000;

export function RunsView({ query }: { readonly query: URLSearchParams }) {
  const path = `runs?${query}`;
  const loaded = useLoaded<RunPage>(path, REFRESH_MS);
  return (
    <>
      <h1>Runs</h1>
      <OverviewLine />
      <RunFilter query={query} />
      <Shown loaded={loaded}>{(newest) => <Pages key={path} newest={newest} query={query} />}</Shown>
    </>
  );
}

interface PagesProps {
  /** Refreshed every few seconds; older pages stay as they were. */
  readonly newest: RunPage;
  readonly query: URLSearchParams;
}

function Pages({ newest, query }: PagesProps) {
  const [kept, setKept] = useState<readonly RunPage[]>([]);
  const { problem, attempt } = useAttempt();
  const pages = kept.length > 0 ? kept : [newest];
  const last = pages.at(-1);
  const runs = merged(
    newest,
    pages.flatMap(({ data }) => data),
  );
  const older = async (): Promise<void> => {
    if (!last?.next) return;
    const next = new URLSearchParams(query);
    next.set('before', last.next);
    const page = await ask<RunPage>(`runs?${next}`);
    setKept([...pages, page]);
  };
  return (
    <>
      {runs.length === 0 ? <p className="a-note">No runs match these filters.</p> : <RunTable runs={runs} />}
      {last?.looked_until && <p className="a-note">Searched back to {time(last.looked_until)}.</p>}
      <Problem message={problem} />
      {last?.next && (
        <button type="button" className="a-button" onClick={() => void attempt(older)}>
          Older runs
        </button>
      )}
    </>
  );
}

/** What is known of each run now, and those that have come since the older pages were asked for. */
function merged({ data }: RunPage, kept: readonly Run[]): readonly Run[] {
  const known = new Map(kept.map((run) => [run.id, run]));
  for (const run of data) known.set(run.id, run);
  return [...known.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

function RunTable({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <Table
      label="Runs, newest first"
      columns={[
        'State',
        'Run',
        'User',
        'Model',
        'Age',
        'Queue wait',
        'First token',
        'Tokens',
        'Cost',
        'Attempt',
        'Worker',
      ]}
    >
      {runs.map((run) => (
        <tr key={run.id}>
          <td>
            <StateBadge run={run} />
            {run.error && <small>{run.error.code}</small>}
          </td>
          <th scope="row">
            <Link to={runAddress(run.id)} className="a-id">
              {run.id}
            </Link>
            <small>{time(run.created_at)}</small>
          </th>
          <td>
            {run.user}
            <small>{run.tenant}</small>
          </td>
          <td>{run.model ?? '–'}</td>
          <td title={run.settled_at === null ? 'so far' : 'from start to end'}>{duration(run.age_ms)}</td>
          <td>{duration(run.queue_wait_ms)}</td>
          <td>{duration(run.first_token_ms)}</td>
          <td>
            {count(run.input_tokens)} / {count(run.output_tokens)}
          </td>
          <td>{cost(run.cost_micros)}</td>
          <td>{run.attempt}</td>
          <td className="a-id">{run.worker ?? '–'}</td>
        </tr>
      ))}
    </Table>
  );
}
