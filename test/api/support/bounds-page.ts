import { readFileSync } from 'node:fs';

/** A row of the table of all limits in docs/limits.md. */
export interface BoundRow {
  readonly name: string;
  /** The key of the config file, empty where there is none. */
  readonly setBy: string;
  readonly status: number;
}

const page = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8');

export const boundRows: readonly BoundRow[] = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [, name = '', , , setBy = '', status = ''] = line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
    return { name, setBy, status: Number(status) };
  });
