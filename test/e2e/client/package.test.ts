import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const BUILT = join(ROOT, 'dist/client');

it('the package needs no other package', () => {
  const manifest = JSON.parse(readFileSync(join(BUILT, 'package.json'), 'utf8')) as Record<string, unknown>;
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies']) {
    expect({ kind, needs: manifest[kind] }).toEqual({ kind, needs: undefined });
  }
  const imports = readdirSync(join(BUILT, 'dist'))
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => [...readFileSync(join(BUILT, 'dist', name), 'utf8').matchAll(/from '([^']+)'/g)])
    .map(([, name]) => name);
  expect(imports.length).toBeGreaterThan(5);
  expect(imports.filter((name) => !name?.startsWith('./'))).toEqual([]);
});

it('the built package is an ES module that plain Node loads, with types', () => {
  const { exports } = JSON.parse(readFileSync(join(BUILT, 'package.json'), 'utf8')) as {
    exports: { '.': { types: string; default: string } };
  };
  const entry = pathToFileURL(join(BUILT, exports['.'].default)).href;
  const script = `import { createChatKitFetch } from '${entry}'; process.stdout.write(typeof createChatKitFetch().attach);`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe('function');
  expect(readFileSync(join(BUILT, exports['.'].types), 'utf8')).toContain('createChatKitFetch');
});
