/** `<wire>/<name>` at the beginning of the title of a test that plays a recorded answer; vitest quotes it. */
const RECORDING = /^'?([a-z0-9-]+)\/([^\s']+)/;

interface Row {
  readonly recordings: Set<string>;
  readonly failed: Set<string>;
  tests: number;
}

/** How many recordings of each wire were played, in how many tests, and how many passed them all; empty when none was played. */
export function recordingsTable(tests: readonly { readonly title: string; readonly state: string }[]): string {
  const rows = new Map<string, Row>();
  for (const { state, title } of tests) {
    const [, wire, name] = RECORDING.exec(title) ?? [];
    if (wire === undefined || name === undefined || !/^(passed|failed)$/.test(state)) continue;
    const row = rows.get(wire) ?? { recordings: new Set(), failed: new Set(), tests: 0 };
    row.recordings.add(name);
    row.tests += 1;
    if (state === 'failed') row.failed.add(name);
    rows.set(wire, row);
  }
  if (rows.size === 0) return '';
  const cells = [...rows].toSorted(([a], [b]) => a.localeCompare(b)).map(cellsOf);
  return `\nRecorded answers\n${[['wire', 'recordings', 'passed', 'tests'], ...cells].map(line).join('\n')}\n`;
}

const cellsOf = ([wire, { recordings, failed, tests }]: [string, Row]): string[] => [
  wire,
  String(recordings.size),
  String(recordings.size - failed.size),
  String(tests),
];

const line = ([wire = '', ...numbers]: string[]): string =>
  `  ${wire.padEnd(20)}${numbers.map((number) => number.padStart(12)).join('')}`;
