import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';
import { resolveEngineSecrets } from './tools/setup/engine-secrets.mjs';

// Installs behind a closed network cannot download Prisma's native schema engine, so the CLI is pointed at one that
// runs the same engine from its npm-shipped WebAssembly build. Windows cannot execute a script by its path: there the
// CLI keeps its own engine.
if (process.platform !== 'win32') {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('tools/prisma-schema-engine.mjs', import.meta.url));
}

const env = { ...process.env };
resolveEngineSecrets(env);

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // A pooler may be at DATABASE_URL; migrations hold locks of a session.
  datasource: { url: env.DATABASE_DIRECT_URL || env.DATABASE_URL || '' },
});
