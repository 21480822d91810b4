import { useState } from 'react';
import { ask } from './api.js';
import { FilterForm } from './filter-form.js';
import { time } from './format.js';
import { Link } from './link.js';
import { Problem, Shown } from './notes.js';
import { runAddress } from './route.js';
import { Table } from './table.js';
import type { AuditEntry, Listed } from './types.js';
import { useAttempt } from './use-attempt.js';
import { useLoaded } from './use-loaded.js';

const LIMIT = 100;

export function AuditView({ query }: { readonly query: URLSearchParams }) {
  const filter = new URLSearchParams(query);
  filter.set('limit', String(LIMIT));
  const path = `audit?${filter}`;
  const loaded = useLoaded<Listed<AuditEntry>>(path);
  return (
    <>
      <h1>Audit log</h1>
      <AuditFilter query={query} />
      <Shown loaded={loaded}>{(first) => <Entries key={path} first={first} filter={filter} />}</Shown>
    </>
  );
}

function AuditFilter({ query }: { readonly query: URLSearchParams }) {
  return (
    <FilterForm path="/admin/audit" query={query}>
      <label>
        Action
        <input name="action" placeholder="run.stop" />
      </label>
      <label>
        Tenant
        <input name="tenant" />
      </label>
      <button type="submit" className="a-button">
        Filter
      </button>
    </FilterForm>
  );
}

interface EntriesProps {
  readonly first: Listed<AuditEntry>;
  readonly filter: URLSearchParams;
}

function Entries({ first, filter }: EntriesProps) {
  const [older, setOlder] = useState<readonly Listed<AuditEntry>[]>([]);
  const { problem, attempt } = useAttempt();
  const pages = [first, ...older];
  const entries = pages.flatMap(({ data }) => data);
  const last = entries.at(-1);
  const more = async (): Promise<void> => {
    const next = new URLSearchParams(filter);
    next.set('before', last?.id ?? '');
    const page = await ask<Listed<AuditEntry>>(`audit?${next}`);
    setOlder((before) => [...before, page]);
  };
  if (entries.length === 0) return <p className="a-note">No entries.</p>;
  return (
    <>
      <Table label="What administrators did, newest first" columns={['When', 'Action', 'About', 'Who', 'From']}>
        {entries.map(({ id, at, actor, action, tenant, subject, address }) => (
          <tr key={id}>
            <td>{time(at)}</td>
            <th scope="row">{action}</th>
            <td className="a-id">
              {subject?.startsWith('run_') ? <Link to={runAddress(subject)}>{subject}</Link> : subject}
              {tenant !== null && <small>tenant {tenant}</small>}
            </td>
            <td>{actor}</td>
            <td>{address}</td>
          </tr>
        ))}
      </Table>
      <Problem message={problem} />
      {pages.at(-1)?.has_more && (
        <button type="button" className="a-button" onClick={() => void attempt(more)}>
          Older entries
        </button>
      )}
    </>
  );
}
