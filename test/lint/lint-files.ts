import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

interface Finding {
  filename: string;
  code: string;
  message: string;
}

/** Lints files that exist only for this call, by the project's own configuration; `files` may replace parts of it. */
export function lintFiles(files: Record<string, string>, ...options: string[]): Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'chatkit-relay-lint-'));
  try {
    cpSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    cpSync(join(ROOT, 'tools/lint'), join(folder, 'tools/lint'), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return runLinter(folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runLinter(cwd: string, options: readonly string[]): Finding[] {
  const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const args = [oxlint, '--format=json', ...options];
  // oxlint looks for its type-aware half in the folder that it lints, and on the PATH.
  // oxlint-disable-next-line node/no-process-env
  const { env } = process;
  const PATH = [join(ROOT, 'node_modules', '.bin'), env['PATH']].join(delimiter);
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env: { ...env, PATH } });
  if (!stdout.startsWith('{')) throw new Error(`The linter did not run: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics;
}
