import { cost, count, duration, megabytes, time } from './format.js';
import { Link } from './link.js';
import { Shown } from './notes.js';
import { Table } from './table.js';
import type { Limits } from './types.js';
import { UseMeter } from './use-meter.js';
import { useLoaded } from './use-loaded.js';

const REFRESH_MS = 5_000;

export function LimitsView() {
  const loaded = useLoaded<Limits>('limits', REFRESH_MS);
  return (
    <>
      <h1>Limits</h1>
      <Shown loaded={loaded}>
        {({ calls, paused_keys: keys, runs, attachments, quotas }) => (
          <>
            <Calls calls={calls} />
            {keys.length > 0 && <PausedKeys keys={keys} />}
            <Runs runs={runs} />
            <Quotas quotas={quotas} />
            <Attachments attachments={attachments} />
          </>
        )}
      </Shown>
    </>
  );
}

function Calls({ calls }: Pick<Limits, 'calls'>) {
  return (
    <section aria-labelledby="calls">
      <h2 id="calls">Calls of models</h2>
      {calls.length === 0 ? (
        <p className="a-note">
          No provider and no model has limits. They are set under <code>limits</code> in the config file.
        </p>
      ) : (
        <Table
          label="Limits of calls, by provider and model"
          columns={['Provider or model', 'Calls at once', 'Waiting', 'Requests a minute', 'Tokens a minute']}
        >
          {calls.map(({ of, name, concurrency, requests, tokens }) => (
            <tr key={`${of}/${name}`}>
              <th scope="row">
                {name}
                <small>{of}</small>
              </th>
              <td>{concurrency ? <UseMeter {...concurrency} /> : '–'}</td>
              <td>{concurrency ? count(concurrency.waiting) : '–'}</td>
              <td>
                <Rate rate={requests} />
              </td>
              <td>
                <Rate rate={tokens} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Rate({ rate }: { readonly rate: Limits['calls'][number]['requests'] }) {
  if (!rate) return '–';
  const { per_minute: perMinute, free, wait_ms: ms } = rate;
  return (
    <>
      {count(perMinute)}
      <small>{ms > 0 ? `full: the next call waits ${duration(ms)}` : `${count(free)} free now`}</small>
    </>
  );
}

function PausedKeys({ keys }: { readonly keys: Limits['paused_keys'] }) {
  return (
    <section aria-labelledby="keys">
      <h2 id="keys">Paused keys</h2>
      <p className="a-note">
        The provider has refused these keys, or limits their rate. The other keys of the provider are used meanwhile.
      </p>
      <Table label="Paused keys" columns={['Provider', 'Fingerprint', 'For another']}>
        {keys.map(({ provider, key, for_ms: ms }) => (
          <tr key={`${provider}/${key}`}>
            <th scope="row">{provider}</th>
            <td className="a-id">{key}</td>
            <td>{duration(ms)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Runs({ runs: { queued, owners } }: Pick<Limits, 'runs'>) {
  return (
    <section aria-labelledby="runs">
      <h2 id="runs">Runs</h2>
      <p>
        In the queue: <UseMeter {...queued} />
      </p>
      {owners.length === 0 ? (
        <p className="a-note">No run is queued or working.</p>
      ) : (
        <Table label="Users with the most open runs" columns={['Tenant and user', 'Active', 'Queued']}>
          {owners.map(({ tenant, user, active, queued: own }) => (
            <tr key={`${tenant} / ${user ?? ''}`}>
              <th scope="row">
                <Owner tenant={tenant} user={user} />
              </th>
              <td>
                <UseMeter {...active} />
              </td>
              <td>
                <UseMeter {...own} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Quotas({ quotas: { data, is_cut: isCut } }: Pick<Limits, 'quotas'>) {
  return (
    <section aria-labelledby="quotas">
      <h2 id="quotas">Quotas</h2>
      <p className="a-note">
        {data.length === 0
          ? 'No quota is configured, or nothing of it is used.'
          : 'Those of which the largest share is used, runs that have not ended included. Costs are in the currency of the price table.'}
        {isCut && ' Only the 20,000 users and tenants that asked last were looked at.'}
      </p>
      {data.length > 0 && (
        <Table label="Quotas, the fullest first" columns={['Tenant and user', 'Quota', 'Used', 'Resets']}>
          {data.map(({ tenant, user, quota, limit, used, reserved, resets_at: resets }) => (
            <tr key={`${tenant} / ${user ?? ''} ${quota}`}>
              <th scope="row">
                <Owner tenant={tenant} user={user} />
              </th>
              <td>{quota.replace(/^\w+\./, '').replace('.', ' by ')}</td>
              <td>
                <UseMeter used={used + reserved} allowed={limit} write={quota.includes('.cost.') ? cost : count} />
              </td>
              <td>{time(resets)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Owner({ tenant, user }: { readonly tenant: string; readonly user: string | null }) {
  const query = new URLSearchParams({ tenant, ...(user !== null && { user }) });
  return <Link to={`/admin/runs?${query}`}>{user === null ? `${tenant} (whole tenant)` : `${tenant} / ${user}`}</Link>;
}

function Attachments({ attachments }: Pick<Limits, 'attachments'>) {
  return (
    <section aria-labelledby="attachments">
      <h2 id="attachments">Attachments in memory</h2>
      {attachments.length === 0 ? (
        <p className="a-note">No worker has reported its attachments yet.</p>
      ) : (
        <Table label="Attachments that workers hold for turns" columns={['Worker', 'Held', 'Turns that wait']}>
          {attachments.map(({ worker, used_bytes: used, allowed_bytes: allowed, waiting }) => (
            <tr key={worker}>
              <th scope="row" className="a-id">
                {worker}
              </th>
              <td>
                <UseMeter used={used} allowed={allowed} write={megabytes} />
              </td>
              <td>{count(waiting)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
