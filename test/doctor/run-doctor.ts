import { type CommandResult, startCommand } from '../support/commands.js';
import type { Variables } from '../support/processes.js';

export interface Reported {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail' | 'skip';
  readonly message: string;
  readonly fix?: string;
}

export interface Examined {
  readonly code: number;
  readonly output: string;
  readonly report: { readonly ok: boolean; readonly counts: Record<string, number>; readonly findings: Reported[] };
  /** What one check has found. */
  of(check: string): Reported[];
}

/** The command, as it is built, with exactly these variables. */
export async function runDoctor(variables: Variables, ...args: string[]): Promise<Examined> {
  const { code, stdout } = await runPlain(variables, '--json', ...args);
  const report = JSON.parse(stdout) as Examined['report'];
  return { code, output: stdout, report, of: (check) => report.findings.filter((one) => one.check === check) };
}

export const runPlain = (variables: Variables, ...args: string[]): Promise<CommandResult> =>
  startCommand('apps/doctor/src/main.js', args, variables).ended;
