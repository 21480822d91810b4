import { FilterForm } from './filter-form.js';
import { brief, cost, count } from './format.js';
import { Link } from './link.js';
import { Shown } from './notes.js';
import { Table } from './table.js';
import type { Sums, UsageReport } from './types.js';
import { DayChart, TrendChart } from './usage-charts.js';
import { useLoaded } from './use-loaded.js';

export function UsageView({ query }: { readonly query: URLSearchParams }) {
  const loaded = useLoaded<UsageReport>(`usage?${query}`);
  return (
    <>
      <h1>Usage and costs</h1>
      <Range query={query} report={loaded.data} />
      <Shown loaded={loaded}>{(report) => <Report report={report} />}</Shown>
    </>
  );
}

interface RangeProps {
  readonly query: URLSearchParams;
  readonly report: UsageReport | undefined;
}

/** The days are those of the report, which the query may leave to the server. */
function Range({ query, report }: RangeProps) {
  const shown = new URLSearchParams({
    ...Object.fromEntries(query),
    ...(report && { from: report.from, to: report.to }),
  });
  return (
    <FilterForm path="/admin/usage" query={shown}>
      <label>
        From
        <input type="date" name="from" />
      </label>
      <label>
        To
        <input type="date" name="to" />
      </label>
      <label>
        Tenant
        <input name="tenant" />
      </label>
      <button type="submit" className="a-button">
        Show
      </button>
    </FilterForm>
  );
}

function Report({ report: { days, models, users, trends } }: { readonly report: UsageReport }) {
  const rows = days.map((row) => ({ ...row, cost: (row.cost_micros ?? 0) / 1e6 }));
  const userTrends = trends.users.map((trend) => ({ ...trend, name: `${trend.tenant} / ${trend.user}` }));
  return (
    <>
      <p className="a-note">
        Days are in UTC. Costs are in the currency of the price table; – means that no model has a price.
      </p>
      <section aria-labelledby="by-day">
        <h2 id="by-day">By day</h2>
        <div className="a-charts">
          <DayChart title="Tokens by day" rows={rows} series={TOKENS} />
          <DayChart title="Costs by day" rows={rows} series={COSTS} />
        </div>
        <SumsTable label="Usage by day" first="Day" rows={days.map((row) => ({ ...row, name: row.day }))} />
      </section>
      <section aria-labelledby="by-model">
        <h2 id="by-model">By model</h2>
        <Trends what="model" days={days} trends={trends.models.map((trend) => ({ ...trend, name: trend.model }))} />
        <SumsTable
          label="Usage by model"
          first="Model"
          rows={models.map((row) => ({
            ...row,
            name: row.model,
            to: `/admin/runs?model=${encodeURIComponent(row.model)}`,
          }))}
        />
      </section>
      <section aria-labelledby="by-user">
        <h2 id="by-user">By user</h2>
        <Trends what="user" days={days} trends={userTrends} />
        <SumsTable
          label="Usage by user"
          first="Tenant and user"
          rows={users.map((row) => ({
            ...row,
            name: `${row.tenant} / ${row.user}`,
            to: `/admin/runs?${new URLSearchParams({ tenant: row.tenant, user: row.user })}`,
          }))}
        />
      </section>
    </>
  );
}

interface TrendsProps {
  readonly what: string;
  readonly days: UsageReport['days'];
  readonly trends: readonly (Omit<UsageReport['trends']['models'][number], 'model'> & { readonly name: string })[];
}

const money = (micros: number | null): number => (micros ?? 0) / 1e6;

function Trends({ what, days, trends }: TrendsProps) {
  const names = days.map(({ day }) => day);
  if (trends.length === 0) return null;
  return (
    <div className="a-charts">
      <TrendChart
        title={`Tokens by ${what}`}
        days={names}
        trends={trends.map(({ name, tokens: values }) => ({ name, values }))}
        totals={days.map(tokens)}
      />
      <TrendChart
        title={`Costs by ${what}`}
        days={names}
        trends={trends.map(({ name, cost_micros: values }) => ({ name, values: values.map(money) }))}
        totals={days.map((day) => money(day.cost_micros))}
      />
    </div>
  );
}

const TOKENS = [
  { type: 'bar', dataKey: 'input_tokens', label: 'Input tokens', stack: 'tokens' },
  { type: 'bar', dataKey: 'output_tokens', label: 'Output tokens', stack: 'tokens' },
];
const COSTS = [{ type: 'bar', dataKey: 'cost', label: 'Costs' }];

const tokens = (row: Sums): number => row.input_tokens + row.output_tokens;

interface SumsTableProps {
  readonly label: string;
  /** Head of the first column. */
  readonly first: string;
  readonly rows: readonly (Sums & { readonly name: string; readonly to?: string })[];
}

function SumsTable({ label, first, rows }: SumsTableProps) {
  const most = Math.max(1, ...rows.map(tokens));
  if (rows.length === 0) return <p className="a-note">No usage in this period.</p>;
  return (
    <Table label={label} columns={[first, 'Calls', 'Input tokens', 'Output tokens', 'Costs', 'Share']}>
      {rows.map((row) => (
        <tr key={row.name}>
          <th scope="row">{row.to === undefined ? row.name : <Link to={row.to}>{row.name}</Link>}</th>
          <td>{count(row.calls)}</td>
          <td>{count(row.input_tokens)}</td>
          <td>{count(row.output_tokens)}</td>
          <td>{cost(row.cost_micros)}</td>
          <td>
            <meter min={0} max={most} value={tokens(row)} aria-label={`${brief(tokens(row))} tokens`} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
