import { type EngineKind, engineKinds } from './engines.js';

/**
 * For files of browser tests: a page does not know the engine, so that each file runs on one, some on this and some on
 * that. With `BROWSER=long` each runs on both. Without Redis all run on Postgres.
 */
export const pageEngines = (usual: EngineKind): EngineKind[] =>
  // oxlint-disable-next-line node/no-process-env
  process.env['BROWSER'] === 'long' || !engineKinds.includes(usual) ? engineKinds : [usual];
