import type { ReactNode } from 'react';

interface TableProps {
  /** What the table is, for screen readers. */
  readonly label: string;
  /** Heads of the columns. */
  readonly columns: readonly string[];
  /** Its rows. */
  readonly children: ReactNode;
}

/** Scrolls sideways by itself where it is too wide, also by keyboard. */
export function Table({ label, columns, children }: TableProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="a-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="a-table">
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
