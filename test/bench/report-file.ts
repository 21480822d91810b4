import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Options } from './options.js';
import { say } from './report.js';

/** Everything that was measured, and on what machine, as JSON. */
export function writeReport(options: Options, content: object): void {
  const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model, load: loadavg(), node: process.version };
  const report = { at: new Date(), ...options, machine, ...content };
  writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
  say(`\nAll numbers: ${options.out}`);
}
