import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
/** What runs and what migrates; the rest of a checkout is not needed for either. */
const PARTS = ['dist', 'prisma', 'tools', 'package.json', 'prisma.config.ts'];

export interface NextVersion {
  /** A folder with the product as it is built, and its migrations. */
  readonly root: string;
  /** Adds a migration, or gives one another text. */
  write(migration: string, sql: string): void;
  stop(): void;
}

/** The version after this one: the same, but for the migrations that are written into it. */
export function makeNextVersion(): NextVersion {
  const root = mkdtempSync(join(tmpdir(), 'next-version-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return {
    root,
    write(migration, sql) {
      const folder = join(root, 'prisma/migrations', migration);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'migration.sql'), sql);
    },
    stop: () => rmSync(root, { recursive: true, force: true }),
  };
}
