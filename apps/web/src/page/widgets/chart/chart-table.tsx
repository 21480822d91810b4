import { texts } from '../../../i18n/texts.js';
import type { ChartData } from './chart-data.js';

/** What a chart shows, for screen readers. */
export function ChartTable({ chart: { categories, series, values } }: { readonly chart: ChartData }) {
  return (
    <table className="visually-hidden">
      <caption>{texts.widgets.chartData}</caption>
      <thead>
        <tr>
          <td />
          {series.map(({ label }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- series have no names that must differ
            <th key={index} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {categories.map((category, row) => (
          // oxlint-disable-next-line react/no-array-index-key -- nor have rows
          <tr key={row}>
            <th scope="row">{category}</th>
            {values.map((column, index) => (
              // oxlint-disable-next-line react/no-array-index-key
              <td key={index}>{column[row] ?? ''}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
