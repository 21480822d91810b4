import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The official server SDK, and what it stands on: other versions of these answer in other ways. */
const PACKAGES = ['openai-chatkit==1.6.5', 'openai-agents==0.24.0', 'openai==3.52.0', 'uvicorn==0.54.0'];
const INSTALL_WITHIN_MS = 180_000;

export type OfficialSdk = { readonly python: string } | { readonly missing: string };

/**
 * A Python that has the official SDK, in a virtual environment outside the checkout: in `CHATKIT_OFFICIAL_DIR`, else in
 * the temporary folder, where it is found again as long as that folder lives.
 */
export function installOfficialSdk(): OfficialSdk {
  // oxlint-disable-next-line node/no-process-env -- the suite's own switch, read here and nowhere else
  const parent = process.env['CHATKIT_OFFICIAL_DIR'] || tmpdir();
  const folder = join(parent, `chatkit-official-${PACKAGES.join('-').replaceAll(/[^0-9.-]+/g, '')}`);
  const python = join(folder, 'bin', 'python');
  const marker = join(folder, 'complete');
  if (existsSync(marker)) return { python };
  mkdirSync(parent, { recursive: true });
  const failure =
    run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'], 'Python 3.10 or later') ||
    run('python3', ['-m', 'venv', '--clear', folder], 'a virtual environment') ||
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES], PACKAGES.join(' '));
  if (failure) return { missing: failure };
  writeFileSync(marker, '');
  return { python };
}

/** @returns why it failed; empty when it did not */
function run(command: string, args: readonly string[], what: string): string {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_WITHIN_MS });
  if (status === 0) return '';
  return `The official SDK cannot be had: no ${what} (${error?.message ?? stderr.trim().slice(-400)}).`;
}
