import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the product's variables are declared, as keys of a zod object. */
const SCHEMAS = {
  api: [
    'libs/runtime/src/platform/environment.ts',
    'apps/api/src/auth-config.ts',
    'apps/api/src/reach-config.ts',
    'apps/api/src/config.ts',
  ],
  worker: ['libs/runtime/src/platform/environment.ts', 'apps/worker/src/config.ts'],
};

/** Read by the config file's loader, for both. */
const SHARED = ['CHATKIT_CONFIG'];

/**
 * The environment variables that a role knows. Read from the source: a zod object takes unknown variables without a
 * word, so the running product would not tell.
 */
export function variablesOf(root: string, role: keyof typeof SCHEMAS): Set<string> {
  const names = SCHEMAS[role].flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name),
  );
  return new Set([...SHARED, ...names]);
}
