import { FilterForm } from '../filter-form.js';

const STATES = [
  ['', 'All'],
  ['queued,working', 'Live'],
  ['queued', 'Queued'],
  ['working', 'Working'],
  ['completed', 'Completed'],
  ['failed', 'Failed'],
  ['cancelled', 'Stopped'],
] as const;

const MORE = [
  ['tenant', 'Tenant'],
  ['user', 'User'],
  ['model', 'Model'],
  ['error', 'Error code'],
  ['worker', 'Worker'],
  ['assistant', 'Assistant'],
  ['thread', 'Conversation'],
] as const;
const TIMES = [
  ['from', 'From'],
  ['until', 'Until'],
] as const;

export function RunFilter({ query }: { readonly query: URLSearchParams }) {
  const names = [...MORE, ...TIMES].map(([name]) => name);
  return (
    <FilterForm path="/admin/runs" query={query}>
      <label className="a-wide">
        Search
        <input type="search" name="q" placeholder="Part of a run or conversation ID, user, model, or error code" />
      </label>
      <label>
        State
        <select name="state" onChange={({ currentTarget: { form } }) => form?.requestSubmit()}>
          {STATES.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="a-button">
        Search
      </button>
      <details open={names.some((name) => query.has(name))}>
        <summary>More filters</summary>
        <div className="a-filter">
          {MORE.map(([name, label]) => (
            <label key={name}>
              {label}
              <input name={name} />
            </label>
          ))}
          {TIMES.map(([name, label]) => (
            <label key={name}>
              {label}
              <input type="datetime-local" name={name} step="1" />
            </label>
          ))}
        </div>
      </details>
    </FilterForm>
  );
}
