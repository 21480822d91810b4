import { readFileSync } from 'node:fs';

/** A row of the table of all limits in docs/limits.md. */
export interface BoundRow {
  readonly name: string;
  /** The limit, as it is written there: "1,000 entries". */
  readonly most: string;
  /** The key of the config file, empty where there is none. */
  readonly setBy: string;
  readonly status: number;
}

const page = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8');

const rows: readonly BoundRow[] = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [, name = '', , most = '', setBy = '', status = ''] = line
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''));
    return { name, most, setBy, status: Number(status) };
  });

const isOfAdministration = ({ name }: BoundRow): boolean => name.startsWith('admin.');

/** What users meet, which bounds.test.ts tries. */
export const boundRows = rows.filter((row) => !isOfAdministration(row));

/** What administrators meet, which admin-bounds.test.ts tries. */
export const adminBounds = rows.filter(isOfAdministration);
