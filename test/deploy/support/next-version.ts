import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
/** What runs and what migrates; the rest of a checkout is not needed for either. */
const PARTS = ['dist', 'prisma', 'tools', 'package.json', 'prisma.config.ts'];

export interface NextVersion {
  /** A folder with the product as it is built, and one migration more. */
  readonly root: string;
  /** What the migration does. */
  write(sql: string): void;
  stop(): void;
}

/** The version after this one: the same, but for a migration. */
export function makeNextVersion(migration: string): NextVersion {
  const root = mkdtempSync(join(tmpdir(), 'next-version-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const folder = join(root, 'prisma/migrations', migration);
  mkdirSync(folder);
  return {
    root,
    write: (sql) => writeFileSync(join(folder, 'migration.sql'), sql),
    stop: () => rmSync(root, { recursive: true, force: true }),
  };
}
