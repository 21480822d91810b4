import { type EngineKind, engineKinds } from './engines.js';

// oxlint-disable-next-line node/no-process-env
const onBoth = process.env['TEST_ENGINES'] === 'both';

/**
 * For `describe.each` of what does not differ by engine, such as pages and routes: each file runs on one, some on this and
 * some on that. With `TEST_ENGINES=both` each runs on both. Without Redis all run on Postgres.
 */
export const oneEngine = (usual: EngineKind): EngineKind[] =>
  onBoth || !engineKinds.includes(usual) ? engineKinds : [usual];
