import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folder of a real redis-server or valkey-server on our own PATH. */
export function redisFolder(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.find((folder) => ['redis-server', 'valkey-server'].some((name) => existsSync(join(folder, name))));
}

/** A folder with a `redis-server` that only tells its version. */
export function fakeServerFolder(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'redis-server'), `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 });
  return folder;
}
