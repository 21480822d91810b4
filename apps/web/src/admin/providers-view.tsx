import { post } from './api.js';
import { count, duration, time } from './format.js';
import { Problem, Shown } from './notes.js';
import { Table } from './table.js';
import type { Breaker, Listed, Provider } from './types.js';
import { useAttempt } from './use-attempt.js';
import { useLoaded } from './use-loaded.js';

const REFRESH_MS = 5_000;

export function ProvidersView() {
  const providers = useLoaded<Listed<Provider>>('providers', REFRESH_MS);
  const breakers = useLoaded<Listed<Breaker>>('breakers', REFRESH_MS);
  return (
    <>
      <h1>Providers</h1>
      <Shown loaded={providers}>{({ data }) => <Providers list={data} />}</Shown>
      <h2>Circuit breakers</h2>
      <p className="a-note">
        While a breaker is open, its model gets no requests and its fallbacks answer instead. A breaker that was opened
        by hand stays open until someone closes it.
      </p>
      <Shown loaded={breakers}>{({ data }) => <Breakers list={data} onMoved={breakers.reload} />}</Shown>
    </>
  );
}

function Providers({ list }: { readonly list: readonly Provider[] }) {
  if (list.length === 0) return <p className="a-note">No worker has reported its providers yet.</p>;
  return (
    <Table
      label="Providers and their last health check"
      columns={['Provider', 'Health', 'Response time', 'Checked', 'Default model']}
    >
      {list.map(({ id, name, default_model: model, health, refused }) => (
        <tr key={id}>
          <th scope="row">
            {name}
            <small>{id}</small>
          </th>
          <td>
            <span className="a-badge" data-kind={health === null ? 'quiet' : health.ok ? 'good' : 'bad'}>
              {health === null ? 'not checked' : health.ok ? 'ok' : (health.code ?? 'unhealthy')}
            </span>
            {health?.detail && <small>{health.detail}</small>}
            {refused.map((one) => (
              <small key={`${one.model} ${one.feature}`}>
                {one.model} gets requests without {one.feature} until {time(one.until)}
              </small>
            ))}
          </td>
          <td>{duration(health?.latency_ms)}</td>
          <td>{time(health?.checked_at ?? null)}</td>
          <td>{model}</td>
        </tr>
      ))}
    </Table>
  );
}

function Breakers({ list, onMoved }: { readonly list: readonly Breaker[]; readonly onMoved: () => void }) {
  const { problem, attempt } = useAttempt();
  const move = async (key: string, to: 'open' | 'close'): Promise<void> => {
    await attempt(() => post(`breakers/${encodeURIComponent(key)}/${to}`));
    onMoved();
  };
  return (
    <>
      <Problem message={problem} />
      <Table label="Circuit breakers by model" columns={['Model', 'State', 'Failures', 'Action']}>
        {list.map((breaker) => {
          const { key, state, failures, tenant, provider, model, last_error: lastError } = breaker;
          const to = state === 'closed' ? 'open' : 'close';
          return (
            <tr key={key}>
              <th scope="row">
                {provider}/{model}
                {tenant !== null && <small>the key of tenant {tenant}</small>}
              </th>
              <td>
                <span className="a-badge" data-kind={state === 'closed' ? 'good' : 'bad'}>
                  {state === 'half_open' ? 'half open' : state}
                </span>
                {state === 'open' && <small>{whyOpen(breaker)}</small>}
                {lastError && (
                  <small>
                    {lastError.code}: {lastError.detail}
                  </small>
                )}
              </td>
              <td>{count(failures)}</td>
              <td>
                <button type="button" className="a-button" onClick={() => void move(key, to)}>
                  {to === 'open' ? 'Open' : 'Close'}
                  <span className="visually-hidden">
                    {' '}
                    the breaker of {provider}/{model}
                  </span>
                </button>
              </td>
            </tr>
          );
        })}
      </Table>
    </>
  );
}

const whyOpen = ({ opened_by: by, open_for_ms: ms }: Breaker): string =>
  by === 'operator' ? 'opened by hand' : `for another ${duration(ms)}`;
